import { DataError, OptionError } from "../core/errors.js";
import type { Column } from "./column.js";
import { requireIntact } from "./integrity.js";
import type { Manifest, TickManifest } from "./manifest.js";
import type { TextCodes } from "./parquet/text-decoding.js";
import { PARQUET_FILE, partitionFolder, partitionKey, requireFolder } from "./partition.js";
import { type Selected, selectStored } from "./selected.js";
import { settledManifest } from "./settled.js";
import type { Store } from "./store.js";
import { type BatchOptions, tableBatches, wholeTable } from "./table-batches.js";
import type { BookChanges, IdentifiedTrades, PartitionKey, Quotes, Trades } from "./tables.js";
import { readUnreplaced, streamUnreplaced } from "./unreplaced.js";

/** Which symbol's day to read. */
export type SymbolDay = Omit<PartitionKey, "type">;

/** Arrival and exchange time, as every table of ticks has them. */
export const TIMES: readonly Selected[] = [
  { name: "localTimestampUs", column: "local_timestamp", kind: "float64" },
  { name: "timestampUs", column: "timestamp", kind: "float64" },
];
const PRICE: readonly Selected[] = [
  { name: "price", column: "price", kind: "float64" },
  { name: "amount", column: "amount", kind: "float64" },
];
const TRADE_SIDES: TextCodes = {
  of: new Map([
    ["buy", 1],
    ["sell", -1],
  ]),
  otherwise: 0,
};
const TRADE_COLUMNS: readonly Selected[] = [
  ...TIMES,
  { name: "side", column: "side", kind: "int8", codes: TRADE_SIDES },
  ...PRICE,
];
const BOOK_SIDES: TextCodes = { of: new Map([["bid", 1]]), otherwise: -1 };

/**
 * Trades of a symbol's day in stored order, which is arrival order, in batches of up to 131,072 rows.
 *
 * @param options.isReused - a batch's arrays may be filled anew as soon as the next batch is asked for, which is faster;
 *   left out, each batch has arrays of its own
 * @throws {DataError} the partition is missing or damaged, or another run replaces it after a batch was given
 */
export function readTrades(
  store: Store,
  day: SymbolDay,
  options: BatchOptions = {},
): AsyncGenerator<Trades> {
  return readSelected<Trades>(
    store,
    partitionFolder({ ...day, type: "trades" }),
    TRADE_COLUMNS,
    options,
  );
}

/**
 * The same with the exchange's ids, `""` where a trade has none.
 *
 * @throws {DataError} the partition is missing or damaged
 */
export function readIdentifiedTrades(
  store: Store,
  day: SymbolDay,
  options: BatchOptions = {},
): AsyncGenerator<IdentifiedTrades> {
  return readSelected<IdentifiedTrades>(
    store,
    partitionFolder({ ...day, type: "trades" }),
    [...TRADE_COLUMNS, { name: "id", column: "id", kind: "text" }],
    options,
  );
}

/**
 * Changes of a symbol's book on a day in stored order, in batches of up to 131,072 rows; a message's rows, which share one
 * `localTimestampUs`, may continue in the next batch.
 *
 * @param options.isReused - a batch's arrays may be filled anew as soon as the next batch is asked for, which is faster;
 *   left out, each batch has arrays of its own
 * @throws {DataError} the partition is missing or damaged
 */
export function readBookChanges(
  store: Store,
  day: SymbolDay,
  options: BatchOptions = {},
): AsyncGenerator<BookChanges> {
  return readSelected<BookChanges>(
    store,
    partitionFolder({ ...day, type: "incremental_book_L2" }),
    [
      ...TIMES,
      { name: "isSnapshot", column: "is_snapshot", kind: "uint8" },
      { name: "side", column: "side", kind: "int8", codes: BOOK_SIDES },
      ...PRICE,
    ],
    options,
  );
}

/**
 * Best quotes of a symbol's day in stored order, in batches of up to 131,072 rows.
 *
 * @param options.isReused - a batch's arrays may be filled anew as soon as the next batch is asked for, which is faster;
 *   left out, each batch has arrays of its own
 * @throws {DataError} the partition is missing or damaged
 */
export function readQuotes(
  store: Store,
  day: SymbolDay,
  options: BatchOptions = {},
): AsyncGenerator<Quotes> {
  return readSelected<Quotes>(
    store,
    partitionFolder({ ...day, type: "quotes" }),
    [
      ...TIMES,
      { name: "bidPrice", column: "bid_price", kind: "float64" },
      { name: "bidAmount", column: "bid_amount", kind: "float64" },
      { name: "askPrice", column: "ask_price", kind: "float64" },
      { name: "askAmount", column: "ask_amount", kind: "float64" },
    ],
    options,
  );
}

/**
 * Named columns of a partition, whole. BIGINT (times) and DOUBLE become Float64Array with NaN where nothing is stored,
 * UBIGINT BigUint64Array, INTEGER Int32Array, TINYINT Int8Array, UTINYINT and BOOLEAN Uint8Array, VARCHAR strings.
 *
 * @param target - key of a vendor file's partition, or the folder of a table below the root
 * @param names - stored names, at least one; all columns when left out
 * @throws {DataError} the partition is missing or damaged, or has no such column
 * @throws {OptionError} the target is no partition's key or folder, or the list of names is empty
 */
export async function readColumns(
  store: Store,
  target: PartitionKey | string,
  names?: readonly string[],
): Promise<Readonly<Record<string, Column>>> {
  const folder = targetFolder(target);
  requireNames(names);
  return readUnreplaced(store, async (seen) => {
    await seen.add(folder);
    return readIntact(store, folder, await requireIntact(store, folder), names);
  });
}

/**
 * Named columns of a partition that was just found to be what its manifest says.
 *
 * @throws {DataError} it has no such column, or is not what the manifest says any more
 */
export async function readIntact(
  store: Store,
  folder: string,
  manifest: Manifest,
  names: readonly string[] | undefined,
): Promise<Readonly<Record<string, Column>>> {
  requireNames(names);
  return wholeTable(store, { folder, manifest }, selectColumns(folder, manifest.columns, names));
}

function requireNames(names: readonly string[] | undefined): void {
  if (names?.length !== 0) return;
  throw new OptionError({
    column: "names",
    message: "was an empty list",
    fix: "name at least one column, or leave it out for all of them",
  });
}

function selectColumns(
  folder: string,
  columns: Manifest["columns"],
  names: readonly string[] | undefined,
): readonly Selected[] {
  return (names ?? columns.map(({ name }) => name)).map((name) => {
    const column = columns.find((known) => known.name === name);
    if (column !== undefined) return selectStored(column);
    throw new DataError({
      file: `${folder}/${PARQUET_FILE}`,
      column: name,
      message: "is not a column of this table",
      fix: `use one of ${columns.map((known) => known.name).join(", ")}`,
    });
  });
}

function targetFolder(target: PartitionKey | string): string {
  if (typeof target !== "string") return partitionFolder(target);
  return partitionKey(target) === undefined ? requireFolder(target) : target;
}

/**
 * The manifest of a vendor file's partition.
 *
 * @returns undefined when the partition does not exist
 * @throws {DataError} it cannot be read or has an unknown format
 */
export async function readManifest(
  store: Store,
  key: PartitionKey,
): Promise<TickManifest | undefined> {
  const folder = partitionFolder(key);
  const manifest = await settledManifest(store, folder);
  if (manifest === undefined || manifest.kind === "ticks") return manifest;
  throw new DataError({ file: `${folder}/manifest.json`, message: "was a derived table's" });
}

/**
 * Batches of a table of up to 131,072 rows in stored order, the table checked against its manifest first, or meanwhile.
 *
 * @throws {DataError} it is missing or damaged
 */
export async function* readSelected<Batch>(
  store: Store,
  folder: string,
  selected: readonly Selected[],
  options: BatchOptions = {},
): AsyncGenerator<Batch> {
  yield* streamUnreplaced(store, async function* (seen) {
    await seen.add(folder);
    const { isCheckedMeanwhile = false } = options;
    const manifest = await requireIntact(store, folder, { sizesOnly: isCheckedMeanwhile });
    const check = isCheckedMeanwhile ? requireIntact(store, folder) : undefined;
    // A failure waits until it is asked for, which it need not be.
    check?.catch(() => {});
    const batches = tableBatches(store, { folder, manifest }, selected, options);
    try {
      for await (const batch of batches) yield batch as Batch;
    } finally {
      await check;
    }
  });
}
