import type { QueryResult } from "../store/query.js";

/**
 * The result of a query as columns by name, which is what `aq.table` takes.
 *
 * @example aq.table(queryColumns(await query(store, "SELECT symbol, count(*) AS rows FROM trades GROUP BY ALL")))
 */
export function queryColumns({ columns, rows }: QueryResult): Record<string, unknown[]> {
  return Object.fromEntries(columns.map((name, at) => [name, rows.map((row) => row[at])]));
}
