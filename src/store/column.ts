/** A column in memory. */
export type Column =
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int32Array
  | BigUint64Array
  | readonly string[];

/** Kinds of column, named after what they are in memory. */
export type ColumnKind = "float64" | "int8" | "uint8" | "int32" | "uint64" | "text";

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
