import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api";
import { WorkbenchError } from "../core/errors.js";
import { endInterruptible, startInterruptible } from "./interrupt.js";
import { plainRows } from "./query-values.js";
import { parseStatement, refusal } from "./statement.js";
import type { Store } from "./store.js";
import { viewUses } from "./view-uses.js";
import { createView, VIEWS } from "./views.js";

/** What a query gave: names and DuckDB types of its columns, and rows. */
export interface QueryResult {
  readonly columns: readonly string[];
  readonly types: readonly string[];
  /** Whole numbers beyond 2^53, decimals of more than 15 digits, dates and times as text, all else as what it is. */
  readonly rows: readonly (readonly unknown[])[];
}

/** Rows that fit into memory as arrays of values. */
const MAX_ROWS = 1_000_000;

/**
 * Runs one SELECT over the store's views `trades`, `book_changes`, `book_snapshots`, `quotes`, `derivative_ticker`,
 * `simulation_truth`, `candles` and `features`; each has the columns `exchange, symbol, date` beside the stored ones, and
 * the last two `bar`. Nothing can be written, no other file opened and no setting changed.
 *
 * The partitions that the query sees are checked against their manifests first: the size always, the SHA-256 once per
 * process and version of the file. Conditions on exchange, symbol, date and bar that stand in the WHERE beside a view
 * narrow what is seen, and so what is checked.
 *
 * @param options.maxRows - rows beyond which it fails; `queryBatches` has no limit
 * @throws {DataError} a partition is damaged
 * @throws {OptionError} the query is not valid, not one SELECT, or gives too many rows
 */
export async function query(
  store: Store,
  sql: string,
  { maxRows = MAX_ROWS }: { readonly maxRows?: number } = {},
): Promise<QueryResult> {
  const rows: (readonly unknown[])[] = [];
  let head: Omit<QueryResult, "rows"> = { columns: [], types: [] };
  for await (const { rows: more, ...described } of queryBatches(store, sql)) {
    head = described;
    for (const row of more) rows.push(row);
    if (rows.length > maxRows) {
      const fix = "add LIMIT or count in SQL, or take the rows in batches";
      throw refusal(`gave more than ${maxRows.toLocaleString("en")} rows`, fix);
    }
  }
  return { ...head, rows };
}

/**
 * The same, a few thousand rows at a time, so that memory stays flat; at least one batch, which may be empty. Ctrl-C
 * stops the query.
 *
 * @throws {DataError} a partition is damaged
 * @throws {OptionError} the query is not valid or not one SELECT
 */
export async function* queryBatches(store: Store, sql: string): AsyncGenerator<QueryResult> {
  const connection = await store.connect();
  startInterruptible(connection);
  try {
    await createViews(store, connection, sql);
    const result = await connection.stream(sql);
    const head = headOf(result);
    yield { ...head, rows: [] };
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) return;
      yield { ...head, rows: await plainRows(chunk) };
    }
  } catch (error) {
    throw queryError(error);
  } finally {
    endInterruptible(connection);
    connection.closeSync();
  }
}

async function createViews(store: Store, connection: DuckDBConnection, sql: string): Promise<void> {
  const statement = await parseStatement(connection, sql);
  const uses = viewUses(statement, VIEWS);
  for (const view of VIEWS) {
    if (!statement.describesViews && !uses.has(view)) continue;
    await createView(store, connection, { view, uses: uses.get(view) ?? [] });
  }
}

function headOf(result: DuckDBResult): Omit<QueryResult, "rows"> {
  return { columns: result.deduplicatedColumnNames(), types: result.columnTypes().map(String) };
}

function queryError(error: unknown): unknown {
  if (error instanceof WorkbenchError) return error;
  const text = (error as Error).message.split("\n")[0]!;
  if (/^INTERRUPT/i.test(text)) {
    return new WorkbenchError({ column: "query", message: "was stopped before it ended" });
  }
  return refusal(`could not be run: ${text}`, `the views are ${VIEWS.join(", ")}`);
}
