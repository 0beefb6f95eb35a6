import { OptionError } from "../core/errors.js";
import { exchangeSymbols } from "../core/symbols.js";
import { listPartitions, type StoredPartition } from "../store/list.js";
import { PARQUET_FILE } from "../store/partition.js";
import { type PruneOptions, pruneStore } from "../store/prune.js";
import { openStore } from "../store/store.js";
import type { TableFilter } from "../store/table-folders.js";
import { DATA_TYPES } from "../store/tables.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";

interface StoreFlags {
  readonly exchange?: string;
  readonly symbols?: string;
  readonly types?: string;
  readonly from?: string;
  readonly to?: string;
  readonly damaged?: boolean;
  readonly selected?: boolean;
  readonly all?: boolean;
  readonly yes?: boolean;
}

/** `tickbook store list|prune`: the partitions that exist; removing those that are chosen, damaged or were never whole. */
export const storeCommand: AddCommand = (program) => {
  program
    .command("store")
    .description("what the store holds, and removing from it")
    .argument("<what>", "list or prune")
    .option("--exchange <name>", "only of this exchange")
    .option("--symbols <names>", "only of these symbols, for example BTC,ETH (with --exchange)")
    .option("--types <names>", "only of these types, for example trades,quotes")
    .option("--from <day>", "first UTC day, yyyy-mm-dd")
    .option("--to <day>", "day after the last")
    .option("--damaged", "prune: damaged partitions too, not only folders without a manifest")
    .option("--selected", "prune: every partition that the filter takes")
    .option("--all", "prune: computed tables as well (features, audit)")
    .option("--yes", "prune: remove; without it only say what would go")
    .action(action<StoreFlags>(run));
};

async function run(
  [what]: readonly string[],
  flags: StoreFlags,
  context: CommandContext,
): Promise<CommandResult> {
  const filter = filterOf(flags);
  if (what === "list") return list(filter, context);
  if (what === "prune") return prune(filter, flags, context);
  throw new OptionError({
    column: "store",
    message: `was asked for "${what ?? ""}", which it does not do`,
    fix: "use `npx tickbook store list` or `npx tickbook store prune`",
  });
}

async function list(filter: TableFilter, { dataDir, say }: CommandContext): Promise<CommandResult> {
  const store = await openStore(dataDir);
  try {
    const types = DATA_TYPES.filter((type) => filter.types?.includes(type) ?? true);
    const found = await listPartitions(store, { ...filter, types });
    for (const { key, manifest } of found) {
      const { exchange, symbol, type, date } = key;
      const rows = manifest.rows.toLocaleString("en");
      say(`${exchange} ${symbol} ${type} ${date} ${rows} rows`);
    }
    const sum = (of: (one: StoredPartition) => number): string =>
      found.reduce((total, one) => total + of(one), 0).toLocaleString("en");
    const rows = sum(({ manifest }) => manifest.rows);
    const bytes = sum(({ manifest }) => manifest.files[PARQUET_FILE]?.bytes ?? 0);
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
  const store = await openStore(dataDir);
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

function filterOf({ exchange, symbols, types, from, to, all }: StoreFlags): TableFilter {
  if (symbols !== undefined && exchange === undefined) {
    throw new OptionError({
      column: "--symbols",
      message: `was "${symbols}" without an exchange`,
      fix: "name the exchange with --exchange: each has its own names",
    });
  }
  return {
    ...(exchange === undefined ? {} : { exchange }),
    ...(exchange === undefined || symbols === undefined
      ? {}
      : { symbols: exchangeSymbols(exchange, symbols) }),
    ...(types === undefined ? {} : { types: types.split(",").map((name) => name.trim()) }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(all === true ? { isAll: true } : {}),
  };
}

function describe({ key, manifest }: StoredPartition): Readonly<Record<string, unknown>> {
  const { rows, rejected, first, last, source, files } = manifest;
  const { bytes, sha256 } = source;
  const parquet = files[PARQUET_FILE];
  return {
    ...key,
    rows,
    rejected,
    first,
    last,
    source: { kind: source.kind, bytes, sha256 },
    parquet,
  };
}
