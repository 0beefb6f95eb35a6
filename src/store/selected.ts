import type { Column } from "./column.js";
import type { Manifest } from "./manifest.js";
import type { WantedColumn } from "./parquet/group-reading.js";
import { READ_KINDS, type StoredType } from "./parquet/stored-column.js";
import { quote, quoteName } from "./store.js";

/** A column to read, and its name in the batch. */
export interface Selected extends WantedColumn {
  readonly name: string;
}

/** Columns of one length by their names. */
export type Batch = Readonly<Record<string, Column>>;

/** Columns under the names that were asked for. */
export function namedBatch(selected: readonly Selected[], columns: readonly Column[]): Batch {
  return Object.fromEntries(selected.map(({ name }, i) => [name, columns[i]!]));
}

/** A stored column as it is in memory. */
export function selectStored({ name, type }: Manifest["columns"][number]): Selected {
  return { name, column: name, kind: READ_KINDS[type as StoredType] ?? "float64" };
}

/** SQL that makes a column what it is in memory, under its name in the batch. */
export function selectedSql(selected: Selected): string {
  return `${valueSql(selected)} AS ${quoteName(selected.name)}`;
}

function valueSql({ column, kind, codes }: Selected): string {
  const stored = quoteName(column);
  if (codes !== undefined) {
    const cases = [...codes.of].map(([text, code]) => `WHEN ${quote(text)} THEN ${code}`);
    return `CAST(CASE ${stored} ${cases.join(" ")} ELSE ${codes.otherwise} END AS TINYINT)`;
  }
  if (kind === "uint8") return `CAST(${stored} AS UTINYINT)`;
  return kind === "float64" ? `COALESCE(CAST(${stored} AS DOUBLE), 'NaN'::DOUBLE)` : stored;
}
