import {
  DOUBLE,
  type DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  TINYINT,
  UBIGINT,
  UTINYINT,
  VARCHAR,
} from "@duckdb/node-api";

/** A column as it crosses the border to DuckDB. */
export type Column =
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int32Array
  | BigUint64Array
  | readonly string[];

/** Kinds of column that cross the border, named after what they are in memory. */
export type ColumnKind = "float64" | "int8" | "uint8" | "int32" | "uint64" | "text";

type Items = Exclude<Column, readonly string[]>;

/** DuckDB's type of each kind of column. */
export const COLUMN_TYPES: Readonly<Record<ColumnKind, DuckDBType>> = {
  float64: DOUBLE,
  int8: TINYINT,
  uint8: UTINYINT,
  int32: INTEGER,
  uint64: UBIGINT,
  text: VARCHAR,
};

const MAKE: Readonly<Record<ColumnKind, (rows: number) => Column>> = {
  float64: (rows) => new Float64Array(rows),
  int8: (rows) => new Int8Array(rows),
  uint8: (rows) => new Uint8Array(rows),
  int32: (rows) => new Int32Array(rows),
  uint64: (rows) => new BigUint64Array(rows),
  text: (rows) => new Array<string>(rows).fill(""),
};

/** A column of zeros or empty texts. */
export function makeColumn(kind: ColumnKind, rows: number): Column {
  return MAKE[kind](rows);
}

/** The kind of a column. */
export function kindOf(column: Column): ColumnKind {
  if (column instanceof Float64Array) return "float64";
  if (column instanceof Int8Array) return "int8";
  if (column instanceof Uint8Array) return "uint8";
  if (column instanceof Int32Array) return "int32";
  return column instanceof BigUint64Array ? "uint64" : "text";
}

/**
 * Copies a chunk's column into a batch.
 *
 * @param target - column of the same kind, with room from `at` on
 */
export function copyFromChunk(
  chunk: DuckDBDataChunk,
  index: number,
  target: Column,
  at: number,
): void {
  const vector = chunk.getColumnVector(index);
  if (Array.isArray(target)) {
    for (let i = 0; i < chunk.rowCount; i++) target[at + i] = String(vector.getItem(i) ?? "");
    return;
  }
  (target as Float64Array).set(itemsOf(vector) as Float64Array, at);
}

/**
 * Copies rows of a column into a chunk.
 *
 * @param column - source of the chunk column's kind
 * @param start - first row to copy; the chunk's row count says how many
 */
export function copyToChunk(
  chunk: DuckDBDataChunk,
  index: number,
  column: Column,
  start: number,
): void {
  const vector = chunk.getColumnVector(index);
  const end = start + chunk.rowCount;
  if (Array.isArray(column)) {
    for (let i = start; i < end; i++) vector.setItem(i - start, column[i]!);
  } else {
    const source = column as Float64Array;
    (itemsOf(vector) as Float64Array).set(source.subarray(start, end));
  }
  vector.flush();
}

/** The memory of a vector: the library keeps it private, and element by element it is ten times slower. */
function itemsOf(vector: unknown): Items {
  const { items } = vector as { readonly items?: Items };
  if (items !== undefined && ArrayBuffer.isView(items)) return items;
  throw new TypeError("a DuckDB vector had no typed items; the installed @duckdb/node-api differs");
}
