// What a vendor file becomes, apart from where it is put: little to load for threads that write tables.
import type { ColumnKind } from "./column.js";
import type { RowTimes, TickManifest } from "./manifest.js";
import type { StoredColumn } from "./parquet/stored-column.js";
import { type Field, type FieldRule, parquetType, SCHEMAS } from "./schema.js";
import type { DataType } from "./tables.js";

/** What is known about a vendor file once it was read to its end. */
export interface PartitionOrigin {
  readonly source: TickManifest["source"];
  /** Rows left out, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** What a table of ticks holds, once it was written. */
export interface TickTable extends PartitionOrigin {
  readonly rows: number;
  /** First and last stored row; null when there is none. */
  readonly first: RowTimes | null;
  readonly last: RowTimes | null;
}

/** How the fields of a type are stored. */
export function storedColumns(type: DataType): readonly StoredColumn[] {
  return SCHEMAS[type].map(storedColumn);
}

/** What a field is in memory. */
export function fieldKind(rule: FieldRule): ColumnKind {
  if (rule === "tradeSide" || rule === "bookSide") return "int8";
  if (rule === "flag") return "uint8";
  return rule === "text" ? "text" : "float64";
}

/**
 * Exchange and arrival time of a row.
 *
 * @param columns - as the schema of a type says: the first two are the times
 */
export function rowTimes(columns: readonly unknown[], row: number): RowTimes {
  const [timestampUs, localTimestampUs] = columns as readonly Float64Array[];
  return { timestampUs: timestampUs![row]!, localTimestampUs: localTimestampUs![row]! };
}

function storedColumn({ name, rule, isOptional }: Field): StoredColumn {
  const column = { name, type: parquetType(rule), isNullable: rule === "time" && isOptional };
  if (rule === "tradeSide") return { ...column, labels: ["sell", "unknown", "buy"] };
  return rule === "bookSide" ? { ...column, labels: ["ask", "", "bid"] } : column;
}
