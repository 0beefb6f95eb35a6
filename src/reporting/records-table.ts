import type { Cell, Table, TableColumn } from "./table.js";

/** A row of a small result: a plain object, or a row of an arquero table. */
export type PlainRecord = Readonly<Record<string, unknown>>;

/** What is special about a column of a table of records. */
export type ColumnWords = Partial<Omit<TableColumn, "name">> & { readonly name?: string };

/**
 * Makes a table from records: one column a field, in the fields' order.
 *
 * @param caption - said above the table
 * @param columns - units, digits and other names of fields that want them
 * @example showTable(perSymbol.objects(), recordsTable("Rows by symbol", { delay: { unit: "ms" } }))
 */
export function recordsTable(
  caption: string,
  columns: Readonly<Record<string, ColumnWords>> = {},
): (records: readonly object[]) => Table {
  return (records) => {
    const fields = Object.keys(records[0] ?? columns);
    const heads = fields.map((field): TableColumn => ({ name: field, ...columns[field] }));
    const rows = records.map((record) =>
      fields.map((field) => cellOf((record as PlainRecord)[field])),
    );
    return { caption, columns: heads, rows };
  };
}

function cellOf(value: unknown): Cell {
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") {
    return value;
  }
  if (typeof value === "bigint") return Number(value);
  return value === null || value === undefined ? null : String(value);
}
