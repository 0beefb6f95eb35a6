import type { DuckDBConnection, DuckDBResult } from "@duckdb/node-api";
import { WorkbenchError } from "../core/errors.js";
import { BrokenStream, chunksOf } from "./chunks.js";
import { explainQueryError } from "./explain-query-error.js";
import { requireIntact } from "./integrity.js";
import { endInterruptible, requireRunning, startInterruptible } from "./interrupt.js";
import { plainRows } from "./query-values.js";
import { parseStatement, refusal } from "./statement.js";
import type { Store } from "./store.js";
import { readUnreplaced, type SeenPartitions, streamUnreplaced } from "./unreplaced.js";
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
 * `simulation_truth`, `candles` and `features`; each has the columns `exchange, symbol, date` beside the stored ones,
 * the last two `bar`, and `book_snapshots` also `levels`, 5 or 25 a side. Nothing can be written, no other file opened
 * and no setting changed.
 *
 * The partitions that the query sees are checked against their manifests first: the size always, the SHA-256 once per
 * process and version of the file. Conditions on exchange, symbol, date, bar and levels that stand in the WHERE beside a
 * view narrow what is seen, and so what is checked.
 *
 * Where another run replaces one of them meanwhile, the query is run again.
 *
 * @param options.maxRows - rows beyond which it fails; `queryBatches` has no limit
 * @throws {DataError} a partition is damaged, or other runs never cease to replace it
 * @throws {OptionError} the query is not valid, not one SELECT, or gives too many rows
 */
export async function query(
  store: Store,
  sql: string,
  { maxRows = MAX_ROWS }: { readonly maxRows?: number } = {},
): Promise<QueryResult> {
  return explained(() =>
    readUnreplaced(store, async (seen) => {
      const rows: (readonly unknown[])[] = [];
      let head: Omit<QueryResult, "rows"> = { columns: [], types: [] };
      for await (const { rows: more, ...described } of batchesOf(store, sql, { seen })) {
        head = described;
        for (const row of more) rows.push(row);
        if (rows.length > maxRows) {
          const fix = "add LIMIT or count in SQL, or take the rows in batches";
          throw refusal(`gave more than ${maxRows.toLocaleString("en")} rows`, fix);
        }
      }
      return { ...head, rows };
    }),
  );
}

/**
 * The same, a few thousand rows at a time, so that memory stays flat; at least one batch, which may be empty. Ctrl-C
 * stops the query, and so does ending the loop over its batches. It is run again as long as no batch was given.
 *
 * @param options.isJson - NaN and infinities as texts, so that `JSON.stringify` keeps every value
 * @throws {DataError} a partition is damaged, or becomes so or is replaced by another run while it is read
 * @throws {OptionError} the query is not valid or not one SELECT, or cannot be computed to its end
 */
export async function* queryBatches(
  store: Store,
  sql: string,
  { isJson = false }: { readonly isJson?: boolean } = {},
): AsyncGenerator<QueryResult> {
  const batches = streamUnreplaced(store, (seen) => batchesOf(store, sql, { seen, isJson }));
  try {
    for (;;) {
      const next = await explained(() => batches.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await batches.return(undefined);
  }
}

/**
 * A new connection with all views of the store, for what a single SELECT cannot do; whoever opened it closes it. Its views
 * hold the partitions that are there now, each checked as by a query that sees them all. What comes later is not in them, and
 * what is replaced later is not checked again.
 *
 * @throws {DataError} a partition is damaged, or other runs never cease to replace one
 */
export async function connectToViews(store: Store): Promise<DuckDBConnection> {
  let connection: DuckDBConnection | undefined;
  try {
    return await readUnreplaced(store, async (seen) => {
      connection?.closeSync();
      connection = await store.connect();
      // One use of each, without a condition.
      for (const view of VIEWS) await createView(store, connection, { view, uses: [[]], seen });
      return connection;
    });
  } catch (error) {
    connection?.closeSync();
    throw queryError(error);
  }
}

/** Batches of one try; what DuckDB throws is thrown as it is. */
async function* batchesOf(
  store: Store,
  sql: string,
  { seen, isJson = false }: { readonly seen: SeenPartitions; readonly isJson?: boolean },
): AsyncGenerator<QueryResult> {
  const connection = await store.connect();
  startInterruptible(connection);
  let folders: readonly string[] = [];
  try {
    folders = await createViews(store, connection, { sql, seen });
    requireRunning(connection);
    const result = await connection.stream(sql);
    const head = headOf(result);
    let isGiven = false;
    for await (const chunk of chunksOf(result)) {
      requireRunning(connection);
      yield { ...head, rows: await plainRows(chunk, { isJson }) };
      isGiven = true;
    }
    requireRunning(connection);
    if (!isGiven) yield { ...head, rows: [] };
  } catch (error) {
    requireRunning(connection);
    // What was intact before the query may have been damaged since.
    if (isOfFiles(error)) await requireAllIntact(store, connection, folders);
    throw error;
  } finally {
    endInterruptible(connection);
    connection.closeSync();
  }
}

/** Makes the views that a query uses, and returns the folders of all partitions that it sees. */
async function createViews(
  store: Store,
  connection: DuckDBConnection,
  { sql, seen }: { readonly sql: string; readonly seen: SeenPartitions },
): Promise<readonly string[]> {
  const statement = await parseStatement(connection, sql);
  const uses = viewUses(statement, VIEWS);
  const folders: string[] = [];
  for (const view of VIEWS) {
    if (!statement.describesViews && !uses.has(view)) continue;
    const asked = { view, uses: uses.get(view) ?? [], seen };
    folders.push(...(await createView(store, connection, asked)));
  }
  return folders;
}

async function requireAllIntact(
  store: Store,
  connection: DuckDBConnection,
  folders: readonly string[],
): Promise<void> {
  for (const folder of folders) {
    await requireIntact(store, folder, { again: true });
    requireRunning(connection);
  }
}

function headOf(result: DuckDBResult): Omit<QueryResult, "rows"> {
  return { columns: result.deduplicatedColumnNames(), types: result.columnTypes().map(String) };
}

/** Whether a file that cannot be read as it should may be behind an error. */
function isOfFiles(error: unknown): boolean {
  if (error instanceof BrokenStream) return true;
  return /^(IO Error|TProtocolException|Invalid .*parquet)/i.test((error as Error).message);
}

async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw queryError(error);
  }
}

function queryError(error: unknown): unknown {
  if (error instanceof WorkbenchError) return error;
  if (error instanceof BrokenStream) {
    const rows = error.rows.toLocaleString("en");
    const fix = "to be told why, ask for SELECT sum(hash(q)) FROM (…) AS q with it in the brackets";
    return refusal(`ended in an error after ${rows} rows`, fix);
  }
  const { what, fix } = explainQueryError((error as Error).message, VIEWS);
  return refusal(`could not be run: ${what}`, fix);
}
