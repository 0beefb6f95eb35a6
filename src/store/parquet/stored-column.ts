import type { ColumnKind } from "../column.js";
import type { Texts } from "./text-dictionary.js";

/** Types that tables are stored with, as DuckDB calls them. */
export type StoredType =
  | "BIGINT"
  | "DOUBLE"
  | "VARCHAR"
  | "BOOLEAN"
  | "TINYINT"
  | "UTINYINT"
  | "INTEGER"
  | "UBIGINT";

/** What a column of each type is once it was read. */
export const READ_KINDS: Readonly<Record<StoredType, ColumnKind>> = {
  BIGINT: "float64",
  DOUBLE: "float64",
  UBIGINT: "uint64",
  VARCHAR: "text",
  BOOLEAN: "uint8",
  TINYINT: "int8",
  UTINYINT: "uint8",
  INTEGER: "int32",
};

/** A column of a table to be stored. */
export interface StoredColumn {
  readonly name: string;
  readonly type: StoredType;
  /** Whether NaN in a BIGINT column is stored as NULL; elsewhere NaN is none. DOUBLE keeps NaN as it is. */
  readonly isNullable: boolean;
  /** VARCHAR from codes: the text of code `c` at `c + 1`. */
  readonly labels?: readonly string[];
}

/**
 * Values in memory. BIGINT and DOUBLE: Float64Array; VARCHAR: texts, or Int8Array with labels; BOOLEAN and UTINYINT:
 * Uint8Array; TINYINT: Int8Array; INTEGER: Int32Array; UBIGINT: BigUint64Array.
 */
export type StoredValues =
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int32Array
  | BigUint64Array
  | Texts
  | readonly string[];
