import { OptionError } from "../core/errors.js";
import { openExistingStore } from "../store/existing-store.js";
import { type Manifest, readManifestFile } from "../store/manifest.js";
import { PARQUET_FILE } from "../store/partition.js";
import { type PruneOptions, pruneStore } from "../store/prune.js";
import {
  TABLE_TYPES,
  type TableFilter,
  type TableFolder,
  tableFolders,
} from "../store/table-folders.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { addTableFilter, type TableFlags, tableFilter } from "./table-filter.js";

interface StoreFlags extends TableFlags {
  readonly damaged?: boolean;
  readonly selected?: boolean;
  readonly yes?: boolean;
}

/** A table that exists. */
interface StoredTable {
  readonly table: TableFolder;
  readonly manifest: Manifest;
}

/** Options of `prune` that mean nothing to `list`. */
const PRUNE_FLAGS = ["damaged", "selected", "yes"] as const;

/** `tickbook store list|prune`: the partitions that exist; removing those that are chosen, damaged or were never whole. */
export const storeCommand: AddCommand = (program) => {
  const command = program
    .command("store")
    .description("what the store holds, and removing from it")
    .argument("<what>", "list or prune");
  addTableFilter(command)
    .option("--damaged", "prune: damaged partitions too, not only folders without a manifest")
    .option("--selected", "prune: every partition that the filter takes")
    .option("--yes", "prune: remove; without it only say what would go")
    .action(action<StoreFlags>(run));
};

async function run(
  [what]: readonly string[],
  flags: StoreFlags,
  context: CommandContext,
): Promise<CommandResult> {
  if (what !== "list" && what !== "prune") {
    throw new OptionError({
      column: "store",
      message: `was asked for "${what ?? ""}", which it does not do`,
      fix: "use `npx tickbook store list` or `npx tickbook store prune`",
    });
  }
  requireFitting(what, flags);
  const filter = tableFilter(flags);
  return what === "list" ? list(filter, context) : prune(filter, flags, context);
}

function requireFitting(what: "list" | "prune", flags: StoreFlags): void {
  const stray = what === "list" ? PRUNE_FLAGS.find((name) => flags[name] === true) : undefined;
  if (stray !== undefined) {
    throw new OptionError({
      column: `--${stray}`,
      message: "was given with list, which removes nothing",
      fix: "leave it out, or use `npx tickbook store prune`",
    });
  }
  if (flags.damaged !== true || flags.selected !== true) return;
  throw new OptionError({
    column: "--selected",
    message: "was given with --damaged, and takes whole partitions too",
    fix: "leave out one of the two: --damaged alone takes of what the filter takes only what is damaged",
  });
}

async function list(filter: TableFilter, { dataDir, say }: CommandContext): Promise<CommandResult> {
  const store = await openExistingStore(dataDir);
  try {
    const found: StoredTable[] = [];
    for (const table of await tableFolders(store, filter)) {
      const manifest = await readManifestFile(store.root, table.folder);
      if (manifest !== undefined) found.push({ table, manifest });
    }
    // By type, then as their folders are named.
    found.sort((a, b) => TABLE_TYPES.indexOf(a.table.type) - TABLE_TYPES.indexOf(b.table.type));
    for (const { table, manifest } of found) {
      const { exchange, symbol, type, date, bar } = table;
      const what = bar === undefined ? type : `${type} ${bar}`;
      say(`${exchange} ${symbol} ${what} ${date} ${manifest.rows.toLocaleString("en")} rows`);
    }
    const sum = (of: (manifest: Manifest) => number): string =>
      found.reduce((total, { manifest }) => total + of(manifest), 0).toLocaleString("en");
    const rows = sum((manifest) => manifest.rows);
    const bytes = sum((manifest) => manifest.files[PARQUET_FILE]?.bytes ?? 0);
    say(`${found.length} partitions, ${rows} rows, ${bytes} bytes`);
    return { json: { partitions: found.map(describe) }, exitCode: 0 };
  } finally {
    await store.close();
  }
}

async function prune(
  filter: TableFilter,
  { damaged = false, selected = false, yes: isFinal = false }: StoreFlags,
  { dataDir, say, progress }: CommandContext,
): Promise<CommandResult> {
  const what: PruneOptions["what"] = selected ? "selected" : damaged ? "damaged" : "leftovers";
  const store = await openExistingStore(dataDir);
  try {
    const onProgress = (done: number, total: number): void => progress(done, total, "folders");
    const folders = await pruneStore(store, { filter, what, isFinal, onProgress });
    for (const { folder, why, damage } of folders)
      say(`${why}: ${folder}${damage === undefined ? "" : ` (${damage})`}`);
    const bytes = folders.reduce((sum, one) => sum + one.bytes, 0).toLocaleString("en");
    const done = isFinal ? "removed" : "would go; give --yes to remove them";
    say(`${folders.length} folders, ${bytes} bytes ${done}`);
    return { json: { folders, isFinal }, exitCode: 0 };
  } finally {
    await store.close();
  }
}

function describe({ table, manifest }: StoredTable): Readonly<Record<string, unknown>> {
  const { type, exchange, symbol, date, bar } = table;
  const { rows, files } = manifest;
  const place = { type, exchange, symbol, date, ...(bar === undefined ? {} : { bar }) };
  const parquet = files[PARQUET_FILE];
  if (manifest.kind !== "ticks") return { ...place, rows, parquet };
  const { rejected, first, last, source } = manifest;
  const { kind, bytes, sha256 } = source;
  return { ...place, rows, rejected, first, last, source: { kind, bytes, sha256 }, parquet };
}
