import type { DuckDBConnection } from "@duckdb/node-api";
import { OptionError } from "../core/errors.js";
import { CANDLE_COLUMNS } from "./candle-table.js";
import { requireIntact } from "./integrity.js";
import { foldersBelow } from "./list.js";
import { PARQUET_FILE } from "./partition.js";
import { parquetType, SCHEMAS } from "./schema.js";
import { escapeGlob, quote, quoteName, type Store } from "./store.js";
import type { DataType } from "./tables.js";

/** What a query gave: column names and rows; times and other whole numbers beyond 2^53 as text. */
export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** The views of a query and the stored types each is made of. */
const VIEWS: Readonly<Record<string, readonly DataType[]>> = {
  trades: ["trades"],
  book_changes: ["incremental_book_L2"],
  book_snapshots: ["book_snapshot_5", "book_snapshot_25"],
  quotes: ["quotes"],
  derivative_ticker: ["derivative_ticker"],
  simulation_truth: ["simulation_truth"],
};

/** Views of derived tables: folders below the root with `bar=`, `exchange=`, `symbol=` and `date=` below them. */
const DERIVED_VIEWS: readonly string[] = ["candles", "features"];

/** The columns that name a partition, of an empty view. */
const NO_PLACE = "NULL::VARCHAR AS exchange, NULL::VARCHAR AS symbol, NULL::DATE AS date";

/** Names of all views. */
const ALL_VIEWS: readonly string[] = [...Object.keys(VIEWS), ...DERIVED_VIEWS];

/**
 * Runs SQL over the store's views `trades`, `book_changes`, `book_snapshots`, `quotes`, `derivative_ticker`,
 * `simulation_truth`, `candles` and `features`; each has the columns `exchange, symbol, date` beside the stored ones, and
 * the last two `bar`. The partitions of the views that the query names are checked against their manifests first.
 *
 * @throws {DataError} a partition is damaged
 * @throws {OptionError} the query is not valid
 */
export async function query(store: Store, sql: string): Promise<QueryResult> {
  const connection = await store.connect();
  try {
    for (const view of ALL_VIEWS) {
      if (!new RegExp(`\\b${view}\\b`, "i").test(sql)) continue;
      await createView(store, connection, view);
    }
    const result = await connection.runAndReadAll(sql);
    return { columns: result.deduplicatedColumnNames(), rows: result.getRowsJson().map(plain) };
  } catch (error) {
    if ((error as Error).name === "DataError") throw error;
    throw new OptionError({
      column: "query",
      message: `could not be run: ${(error as Error).message.split("\n")[0]}`,
      fix: `the views are ${ALL_VIEWS.join(", ")}`,
    });
  } finally {
    connection.closeSync();
  }
}

async function createView(store: Store, connection: DuckDBConnection, view: string): Promise<void> {
  const parts = DERIVED_VIEWS.includes(view)
    ? [(await partSql(store, view, 4, undefined)) ?? emptyDerivedSql(view)]
    : await Promise.all(VIEWS[view]!.map((type) => partSql(store, `lake/${type}`, 3, type)));
  const body = parts.filter((part) => part !== undefined).join(" UNION ALL BY NAME ");
  if (body !== "") await connection.run(`CREATE OR REPLACE TEMP VIEW ${view} AS ${body}`);
}

/** SELECT over all tables below a folder; an empty table of the right columns when there is none. */
async function partSql(
  store: Store,
  parent: string,
  depth: number,
  type: DataType | undefined,
): Promise<string | undefined> {
  const folders: string[] = [];
  for (const folder of await foldersBelow(store, parent, depth)) {
    await requireIntact(store, folder);
    folders.push(folder);
  }
  if (folders.length === 0) return type === undefined ? undefined : emptySql(type);
  const files = folders.map((folder) => quote(escapeGlob(store.path(`${folder}/${PARQUET_FILE}`))));
  const hive = "hive_types = {exchange: VARCHAR, symbol: VARCHAR, date: DATE}";
  return `SELECT * FROM read_parquet([${files.join(", ")}], hive_partitioning = true, ${hive})`;
}

/** Candles have the same columns always; those of features are known from a stored table only. */
function emptyDerivedSql(view: string): string | undefined {
  if (view !== "candles") return undefined;
  const columns = CANDLE_COLUMNS.map(({ name, type }) => `NULL::${type} AS ${name}`);
  return `SELECT ${columns.join(", ")}, NULL::VARCHAR AS bar, ${NO_PLACE} WHERE false`;
}

function emptySql(type: DataType): string {
  const columns = SCHEMAS[type].map(
    ({ name, rule }) => `NULL::${parquetType(rule)} AS ${quoteName(name)}`,
  );
  return `SELECT ${columns.join(", ")}, ${NO_PLACE} WHERE false`;
}

/** Whole numbers that JavaScript holds exactly become numbers; the library gives all 64-bit ones as text. */
function plain(row: readonly unknown[]): readonly unknown[] {
  return row.map((value) => {
    if (typeof value !== "string" || !/^-?\d{1,16}$/.test(value)) return value;
    const number = Number(value);
    return Number.isSafeInteger(number) && String(number) === value ? number : value;
  });
}
