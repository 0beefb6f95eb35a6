import { DataError } from "../core/errors.js";
import { openExistingStore } from "../store/existing-store.js";
import type { Manifest } from "../store/manifest.js";
import { PARQUET_FILE } from "../store/partition.js";
import { settledManifest } from "../store/settled.js";
import type { Store } from "../store/store.js";
import {
  TABLE_TYPES,
  type TableFilter,
  type TableFolder,
  tableFolders,
} from "../store/table-folders.js";
import type { CommandContext, CommandResult } from "./command.js";

/** A table that exists. */
interface StoredTable {
  readonly table: TableFolder;
  readonly manifest: Manifest;
}

/** A table whose manifest cannot be read, and why, in a sentence. */
interface UnreadableTable {
  readonly table: TableFolder;
  readonly damage: string;
}

/** Times missing from a replay that are printed; `--json` gives all. */
const SHOWN_TIMES = 3;

/**
 * Prints the tables that a filter takes, by type and then as their folders are named. One whose manifest cannot be read
 * stands among the others with the reason, and makes the exit code 1.
 *
 * @throws {OptionError} there is no store
 */
export async function listTables(
  filter: TableFilter,
  { dataDir, say }: CommandContext,
): Promise<CommandResult> {
  const store = await openExistingStore(dataDir);
  try {
    const found = await tablesIn(store, filter);
    for (const one of found) say(lineOf(one));
    const stored = found.filter((one) => "manifest" in one);
    const sum = (of: (manifest: Manifest) => number): string =>
      stored.reduce((total, { manifest }) => total + of(manifest), 0).toLocaleString("en");
    const rows = sum((manifest) => manifest.rows);
    const bytes = sum((manifest) => manifest.files[PARQUET_FILE]?.bytes ?? 0);
    const unreadable = found.length - stored.length;
    const others = unreadable === 0 ? "" : `, and ${unreadable} that cannot be read`;
    say(`${stored.length} partitions, ${rows} rows, ${bytes} bytes${others}`);
    return { json: { partitions: found.map(describe) }, exitCode: unreadable === 0 ? 0 : 1 };
  } finally {
    await store.close();
  }
}

async function tablesIn(
  store: Store,
  filter: TableFilter,
): Promise<readonly (StoredTable | UnreadableTable)[]> {
  const found: (StoredTable | UnreadableTable)[] = [];
  for (const table of await tableFolders(store, filter)) {
    try {
      const manifest = await settledManifest(store, table.folder);
      if (manifest !== undefined) found.push({ table, manifest });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      found.push({ table, damage: error.message });
    }
  }
  return found.sort(
    (a, b) => TABLE_TYPES.indexOf(a.table.type) - TABLE_TYPES.indexOf(b.table.type),
  );
}

function lineOf(one: StoredTable | UnreadableTable): string {
  const { exchange, symbol, type, date, bar } = one.table;
  const what = bar === undefined ? type : `${type} ${bar}`;
  const place = `${exchange} ${symbol} ${what} ${date}`;
  if ("damage" in one) return `damaged ${place}: ${one.damage}`;
  return `${place} ${one.manifest.rows.toLocaleString("en")} rows${replayInWords(one.manifest)}`;
}

function replayInWords(manifest: Manifest): string {
  if (manifest.kind !== "ticks" || manifest.source.kind !== "replay") return "";
  const { missing } = manifest.source;
  if (missing.length === 0) return ", replayed";
  const more = missing.length - SHOWN_TIMES;
  const others = more > 0 ? ` and ${more} more times` : "";
  return `, replayed, missing minutes ${missing.slice(0, SHOWN_TIMES).join(" ")}${others}`;
}

function describe(one: StoredTable | UnreadableTable): Readonly<Record<string, unknown>> {
  const { type, exchange, symbol, date, bar } = one.table;
  const place = { type, exchange, symbol, date, ...(bar === undefined ? {} : { bar }) };
  if ("damage" in one) return { ...place, damage: one.damage };
  const { manifest } = one;
  const { rows, files } = manifest;
  const parquet = files[PARQUET_FILE];
  if (manifest.kind !== "ticks") return { ...place, rows, parquet };
  const { rejected, first, last, source } = manifest;
  const { kind, bytes, sha256 } = source;
  const lacks = source.kind === "replay" ? { missing: source.missing } : {};
  return {
    ...place,
    rows,
    rejected,
    first,
    last,
    source: { kind, bytes, sha256, ...lacks },
    parquet,
  };
}
