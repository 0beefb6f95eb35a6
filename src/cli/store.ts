import { OptionError } from "../core/errors.js";
import type { CandleKey } from "../store/candle-table.js";
import { openExistingStore } from "../store/existing-store.js";
import { listPartitions, type StoredPartition } from "../store/list.js";
import { type Manifest, readManifestFile } from "../store/manifest.js";
import { PARQUET_FILE } from "../store/partition.js";
import { type PruneOptions, pruneStore } from "../store/prune.js";
import type { Store } from "../store/store.js";
import { type TableFilter, tableFolders } from "../store/table-folders.js";
import { DATA_TYPES } from "../store/tables.js";
import { type AddCommand, action, type CommandContext, type CommandResult } from "./command.js";
import { type FilterFlags, storeFilter } from "./store-filter.js";

interface StoreFlags extends FilterFlags {
  readonly damaged?: boolean;
  readonly selected?: boolean;
  readonly yes?: boolean;
}

/** A day of candles that exists. */
interface StoredCandles {
  readonly key: CandleKey;
  readonly manifest: Manifest;
}

/** Options of `prune` that mean nothing to `list`. */
const PRUNE_FLAGS = ["damaged", "selected", "all", "yes"] as const;

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
  if (what !== "list" && what !== "prune") {
    throw new OptionError({
      column: "store",
      message: `was asked for "${what ?? ""}", which it does not do`,
      fix: "use `npx tickbook store list` or `npx tickbook store prune`",
    });
  }
  requireFitting(what, flags);
  const filter = storeFilter(flags);
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
    const types = DATA_TYPES.filter((type) => filter.types?.includes(type) ?? true);
    const ticks = await listPartitions(store, { ...filter, types });
    const candles = await storedCandles(store, filter);
    const found = [
      ...ticks,
      ...candles.map(({ key, manifest }) => ({ key: { ...key, type: "candles" }, manifest })),
    ];
    for (const { key, manifest } of found) {
      const { exchange, symbol, type, date } = key;
      const rows = manifest.rows.toLocaleString("en");
      say(`${exchange} ${symbol} ${type} ${date} ${rows} rows`);
    }
    const sum = (of: (manifest: Manifest) => number): string =>
      found.reduce((total, { manifest }) => total + of(manifest), 0).toLocaleString("en");
    const rows = sum((manifest) => manifest.rows);
    const bytes = sum((manifest) => manifest.files[PARQUET_FILE]?.bytes ?? 0);
    say(`${found.length} partitions, ${rows} rows, ${bytes} bytes`);
    const partitions = [...ticks.map(describe), ...candles.map(describeCandles)];
    return { json: { partitions }, exitCode: 0 };
  } finally {
    await store.close();
  }
}

async function storedCandles(store: Store, filter: TableFilter): Promise<readonly StoredCandles[]> {
  if (filter.types?.includes("candles") === false) return [];
  const found: StoredCandles[] = [];
  for (const table of await tableFolders(store, { ...filter, types: ["candles"] })) {
    const manifest = await readManifestFile(store.root, table.folder);
    const { exchange, symbol, date } = table;
    if (manifest !== undefined) found.push({ key: { exchange, symbol, date }, manifest });
  }
  return found;
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

function describeCandles({ key, manifest }: StoredCandles): Readonly<Record<string, unknown>> {
  return {
    ...key,
    type: "candles",
    rows: manifest.rows,
    parquet: manifest.files[PARQUET_FILE],
  };
}
