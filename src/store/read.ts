import { DataError, OptionError } from "../core/errors.js";
import { BrokenStream, chunksOf } from "./chunks.js";
import { type Column, type ColumnKind, makeColumn } from "./column.js";
import { requireIntact } from "./integrity.js";
import type { Manifest, TickManifest } from "./manifest.js";
import { PARQUET_FILE, partitionFolder, partitionKey, requireFolder } from "./partition.js";
import { remedy } from "./remedy.js";
import { settledManifest } from "./settled.js";
import { escapeGlob, quote, quoteName, type Store } from "./store.js";
import type { BookChanges, PartitionKey, Quotes, Trades } from "./tables.js";
import { readUnreplaced, streamUnreplaced } from "./unreplaced.js";
import { copyFromChunk } from "./vectors.js";

/** Which symbol's day to read. */
export type SymbolDay = Omit<PartitionKey, "type">;

/** Rows in a batch of the streaming readers; the last batch has fewer. */
const BATCH_ROWS = 1 << 17;

/** A column to read: its name in the batch, the SQL that makes it from stored columns, and what it becomes. */
export interface Selected {
  readonly name: string;
  readonly sql: string;
  readonly kind: ColumnKind;
}

/** Arrival and exchange time, as every table of ticks has them. */
export const TIMES: readonly Selected[] = [
  { name: "localTimestampUs", sql: "CAST(local_timestamp AS DOUBLE)", kind: "float64" },
  { name: "timestampUs", sql: "CAST(timestamp AS DOUBLE)", kind: "float64" },
];
const PRICE: readonly Selected[] = [
  { name: "price", sql: "price", kind: "float64" },
  { name: "amount", sql: "amount", kind: "float64" },
];

/**
 * Trades of a symbol's day in stored order, which is arrival order, in batches of up to 131,072 rows.
 *
 * @throws {DataError} the partition is missing or damaged, or another run replaces it after a batch was given
 */
export function readTrades(store: Store, day: SymbolDay): AsyncGenerator<Trades> {
  const side = "CAST(CASE side WHEN 'buy' THEN 1 WHEN 'sell' THEN -1 ELSE 0 END AS TINYINT)";
  return readSelected<Trades>(store, partitionFolder({ ...day, type: "trades" }), [
    ...TIMES,
    { name: "side", sql: side, kind: "int8" },
    ...PRICE,
  ]);
}

/**
 * Changes of a symbol's book on a day in stored order, in batches of up to 131,072 rows; a message's rows, which share one
 * `localTimestampUs`, may continue in the next batch.
 *
 * @throws {DataError} the partition is missing or damaged
 */
export function readBookChanges(store: Store, day: SymbolDay): AsyncGenerator<BookChanges> {
  const side = "CAST(CASE side WHEN 'bid' THEN 1 ELSE -1 END AS TINYINT)";
  return readSelected<BookChanges>(
    store,
    partitionFolder({ ...day, type: "incremental_book_L2" }),
    [
      ...TIMES,
      { name: "isSnapshot", sql: "CAST(is_snapshot AS UTINYINT)", kind: "uint8" },
      { name: "side", sql: side, kind: "int8" },
      ...PRICE,
    ],
  );
}

/**
 * Best quotes of a symbol's day in stored order, in batches of up to 131,072 rows.
 *
 * @throws {DataError} the partition is missing or damaged
 */
export function readQuotes(store: Store, day: SymbolDay): AsyncGenerator<Quotes> {
  return readSelected<Quotes>(store, partitionFolder({ ...day, type: "quotes" }), [
    ...TIMES,
    { name: "bidPrice", sql: "bid_price", kind: "float64" },
    { name: "bidAmount", sql: "bid_amount", kind: "float64" },
    { name: "askPrice", sql: "ask_price", kind: "float64" },
    { name: "askAmount", sql: "ask_amount", kind: "float64" },
  ]);
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
  { rows, columns }: Manifest,
  names: readonly string[] | undefined,
): Promise<Readonly<Record<string, Column>>> {
  requireNames(names);
  return readWhole(store, folder, selectColumns(folder, columns, names), rows);
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

async function readWhole(
  store: Store,
  folder: string,
  selected: readonly Selected[],
  rows: number,
): Promise<Readonly<Record<string, Column>>> {
  let table = Object.fromEntries(selected.map(({ name, kind }) => [name, makeColumn(kind, 0)]));
  let read = 0;
  for await (const batch of streamTable(store, folder, selected, Math.max(rows, 1))) {
    if (read === 0) table = { ...batch };
    read += Object.values(batch)[0]!.length;
  }
  if (read !== rows) throw await brokenTable(store, folder, read);
  return table;
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
 * Batches of a table of up to 131,072 rows in stored order, the table checked against its manifest first.
 *
 * @throws {DataError} it is missing or damaged
 */
export async function* readSelected<Batch>(
  store: Store,
  folder: string,
  selected: readonly Selected[],
): AsyncGenerator<Batch> {
  yield* streamUnreplaced(store, async function* (seen) {
    await seen.add(folder);
    await requireIntact(store, folder);
    const batches = streamTable(store, folder, selected, BATCH_ROWS);
    for await (const batch of batches) yield batch as Batch;
  });
}

/** Batches of a table in stored order; each batch has arrays of its own, and none is empty. */
async function* streamTable(
  store: Store,
  folder: string,
  selected: readonly Selected[],
  batchRows: number,
): AsyncGenerator<Readonly<Record<string, Column>>> {
  const file = escapeGlob(store.path(`${folder}/${PARQUET_FILE}`));
  const expressions = selected.map(({ name, sql }) => `${sql} AS ${quoteName(name)}`).join(", ");
  const connection = await store.connect();
  try {
    const sql = `SELECT ${expressions} FROM read_parquet(${quote(file)}, hive_partitioning = false)`;
    let batch = makeBatch(selected, batchRows);
    let filled = 0;
    for await (const chunk of chunksOf(await connection.stream(sql))) {
      const overflow = filled + chunk.rowCount > batchRows;
      if (overflow && filled > 0) {
        yield takeRows(batch, selected, filled);
        batch = makeBatch(selected, batchRows);
        filled = 0;
      }
      batch.forEach((column, index) => {
        copyFromChunk(chunk, index, column, filled);
      });
      filled += chunk.rowCount;
    }
    if (filled > 0) yield takeRows(batch, selected, filled);
  } catch (error) {
    throw error instanceof BrokenStream ? await brokenTable(store, folder, error.rows) : error;
  } finally {
    connection.closeSync();
  }
}

/** Why a table that was intact when it was opened gave no further rows. */
async function brokenTable(store: Store, folder: string, rows: number): Promise<DataError> {
  await requireIntact(store, folder, { again: true });
  const file = `${folder}/${PARQUET_FILE}`;
  return new DataError({
    file,
    message: `gave ${rows} rows and then an error`,
    fix: remedy(folder),
  });
}

function makeBatch(selected: readonly Selected[], rows: number): Column[] {
  return selected.map(({ kind }) => makeColumn(kind, rows));
}

function takeRows(
  batch: readonly Column[],
  selected: readonly Selected[],
  rows: number,
): Readonly<Record<string, Column>> {
  return Object.fromEntries(
    selected.map(({ name }, index) => {
      const column = batch[index]!;
      return [name, column.length === rows ? column : column.slice(0, rows)];
    }),
  );
}

function selectStored({ name, type }: { readonly name: string; readonly type: string }): Selected {
  const column = quoteName(name);
  if (type === "BOOLEAN") return { name, sql: `CAST(${column} AS UTINYINT)`, kind: "uint8" };
  const kinds: Readonly<Record<string, ColumnKind>> = {
    UBIGINT: "uint64",
    INTEGER: "int32",
    TINYINT: "int8",
    UTINYINT: "uint8",
    VARCHAR: "text",
  };
  const kind = kinds[type];
  if (kind !== undefined) return { name, sql: column, kind };
  return { name, sql: `COALESCE(CAST(${column} AS DOUBLE), 'NaN'::DOUBLE)`, kind: "float64" };
}
