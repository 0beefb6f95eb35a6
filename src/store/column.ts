/** What a column of each kind is in memory. */
export interface ColumnOf {
  readonly float64: Float64Array;
  readonly int8: Int8Array;
  readonly uint8: Uint8Array;
  readonly int32: Int32Array;
  readonly uint64: BigUint64Array;
  readonly text: readonly string[];
}

/** Kinds of column, named after what they are in memory. */
export type ColumnKind = keyof ColumnOf;

/** A column in memory. */
export type Column = ColumnOf[ColumnKind];

const MAKE: { readonly [Kind in ColumnKind]: (rows: number) => ColumnOf[Kind] } = {
  float64: (rows) => new Float64Array(rows),
  int8: (rows) => new Int8Array(rows),
  uint8: (rows) => new Uint8Array(rows),
  int32: (rows) => new Int32Array(rows),
  uint64: (rows) => new BigUint64Array(rows),
  text: (rows) => new Array<string>(rows).fill(""),
};

/** Makes the column that values are put into. */
export type ColumnMaker = <Kind extends ColumnKind>(kind: Kind, rows: number) => ColumnOf[Kind];

/** A column of zeros or empty texts. */
export const makeColumn: ColumnMaker = (kind, rows) => MAKE[kind](rows);

/** The kind of a column. */
export function kindOf(column: Column): ColumnKind {
  if (column instanceof Float64Array) return "float64";
  if (column instanceof Int8Array) return "int8";
  if (column instanceof Uint8Array) return "uint8";
  if (column instanceof Int32Array) return "int32";
  return column instanceof BigUint64Array ? "uint64" : "text";
}
