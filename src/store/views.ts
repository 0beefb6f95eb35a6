// The tables that queries see, each made of the partitions that a query can see.
import { stat } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { FINDING_COLUMNS, VERDICT_COLUMNS } from "./audit-tables.js";
import { CANDLE_COLUMNS } from "./candle-table.js";
import { requireIntact } from "./integrity.js";
import { requireRunning } from "./interrupt.js";
import { placesBelow } from "./list.js";
import { PARQUET_FILE, tablePlace } from "./partition.js";
import { parquetType, SCHEMAS } from "./schema.js";
import { settledManifest } from "./settled.js";
import { escapeGlob, quote, quoteName, type Store } from "./store.js";
import type { DataType } from "./tables.js";
import type { SeenPartitions } from "./unreplaced.js";
import type { ViewUse } from "./view-uses.js";

interface StoredColumn {
  readonly name: string;
  readonly type: string;
}

/** A folder of the store with the partitions below it, as `bar=…/exchange=…/symbol=…/date=…`. */
interface Part {
  readonly parent: string;
  /** Columns that name a partition, in the order of the folders. */
  readonly place: readonly string[];
  /** Columns of an empty table; undefined when only a stored table tells them. */
  readonly columns: readonly StoredColumn[] | undefined;
  /** Levels a side of book snapshots, which then are the column `levels`. */
  readonly levels?: number;
}

/** What a query asks of a view, and where the partitions are noted that it sees. */
interface Asked {
  readonly uses: readonly ViewUse[];
  readonly seen: SeenPartitions;
}

/** What a view takes from a part of the store. */
interface PartSelect {
  /** Undefined when nobody knows the columns. */
  readonly sql: string | undefined;
  /** Partitions that it reads. */
  readonly folders: readonly string[];
}

const TICK_PLACE = ["exchange", "symbol", "date"];
const DERIVED_PLACE = ["bar", ...TICK_PLACE];

const PARTS: Readonly<Record<string, readonly Part[]>> = {
  trades: [ticks("trades")],
  book_changes: [ticks("incremental_book_L2")],
  book_snapshots: [
    { ...ticks("book_snapshot_5"), levels: 5 },
    { ...ticks("book_snapshot_25"), levels: 25 },
  ],
  quotes: [ticks("quotes")],
  derivative_ticker: [ticks("derivative_ticker")],
  simulation_truth: [ticks("simulation_truth")],
  candles: [{ parent: "candles", place: DERIVED_PLACE, columns: CANDLE_COLUMNS }],
  features: [{ parent: "features", place: DERIVED_PLACE, columns: undefined }],
  verdicts: [{ parent: "audit", place: TICK_PLACE, columns: VERDICT_COLUMNS }],
  findings: [{ parent: "audit-findings", place: TICK_PLACE, columns: FINDING_COLUMNS }],
};

/** Names of all views. */
export const VIEWS: readonly string[] = Object.keys(PARTS);

/**
 * Makes a view for one query. It holds the partitions that the query's own conditions leave, each checked against its
 * manifest; the others cannot have a row in the result, and are neither read nor checked.
 *
 * @param asked.uses - what the query asks of the view; without any, the view is empty and has its columns
 * @returns folders of these partitions
 * @throws {DataError} a partition that the query sees is damaged
 * @throws {WorkbenchError} Ctrl-C was pressed
 */
export async function createView(
  store: Store,
  connection: DuckDBConnection,
  { view, ...asked }: { readonly view: string } & Asked,
): Promise<readonly string[]> {
  const parts: PartSelect[] = [];
  for (const part of PARTS[view]!) parts.push(await partSelect(store, connection, part, asked));
  const selects = parts.flatMap(({ sql }) => sql ?? []);
  if (selects.length > 0) {
    const body = selects.join(" UNION ALL BY NAME ");
    await connection.run(`CREATE OR REPLACE TEMP VIEW ${quoteName(view)} AS ${body}`);
  }
  return parts.flatMap(({ folders }) => folders);
}

async function partSelect(
  store: Store,
  connection: DuckDBConnection,
  part: Part,
  { uses, seen }: Asked,
): Promise<PartSelect> {
  const isEmpty = uses.length === 0 && part.columns !== undefined;
  const stored = isEmpty ? [] : await placesBelow(store, part.parent, part.place.length);
  const folders: string[] = [];
  for (const folder of await seenFolders(connection, part, stored, uses)) {
    await seen.add(folder);
    // A folder without a manifest is no partition.
    if (!(await hasManifest(store, folder))) continue;
    requireRunning(connection);
    await requireIntact(store, folder);
    folders.push(folder);
  }
  if (folders.length === 0) return { sql: await emptySelect(store, part, stored), folders };
  return { sql: tablesSelect(store, part, folders), folders };
}

/** All rows of some partitions; what their folders say are the last columns, in the order of `place`. */
function tablesSelect(
  store: Store,
  { place, columns, levels }: Part,
  folders: readonly string[],
): string {
  const stored = `* EXCLUDE (${place.join(", ")})`;
  const more = levels === undefined ? "" : `, ${levels}::INTEGER AS levels`;
  return `SELECT ${stored}, ${place.join(", ")}${more} FROM ${placedTables(store, { place, columns }, folders)}`;
}

function placedTables(
  store: Store,
  { place, columns }: Pick<Part, "place" | "columns">,
  folders: readonly string[],
): string {
  const files = folders.map((folder) => quote(escapeGlob(store.path(`${folder}/${PARQUET_FILE}`))));
  if (!store.root.includes("=")) {
    const types = place.map((name) => `${name}: ${placeType(name)}`).join(", ");
    // Days of a table whose columns are not fixed may have other ones.
    const byName = columns === undefined ? ", union_by_name = true" : "";
    const hive = `hive_partitioning = true, hive_types = {${types}}${byName}`;
    return `read_parquet([${files.join(", ")}], ${hive})`;
  }
  // DuckDB would take `name=value` in the path to the store for columns too, and let them overrule what is stored.
  const selects = folders.map((folder, i) => {
    const said = tablePlace(folder) as unknown as Readonly<Record<string, string>>;
    const values = place.map((name) => `${quote(said[name]!)}::${placeType(name)} AS ${name}`);
    return `SELECT *, ${values.join(", ")} FROM read_parquet(${files[i]}, hive_partitioning = false)`;
  });
  return `(${selects.join(" UNION ALL BY NAME ")})`;
}

/** The partitions that at least one use of the view asks for; DuckDB itself decides by the query's own conditions. */
async function seenFolders(
  connection: DuckDBConnection,
  { place, levels }: Part,
  stored: readonly string[],
  uses: readonly ViewUse[],
): Promise<readonly string[]> {
  const places = stored.flatMap((folder) => {
    const found = tablePlace(folder);
    return found === undefined ? [] : [{ folder, levels, ...found }];
  });
  if (uses.length === 0 || places.length === 0) return [];
  if (uses.some((use) => use.length === 0)) return places.map(({ folder }) => folder);
  const named = ["folder", ...place, ...(levels === undefined ? [] : ["levels"])];
  const columns = named.map((name) => `"${name}":"${placeType(name)}"`).join(",");
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE stored_partitions AS
     SELECT unnest(from_json($1::VARCHAR, '[{${columns}}]'), recursive := true)`,
    [JSON.stringify(places)],
  );
  try {
    const seen = new Set<string>();
    for (const use of uses) {
      for (const folder of await foldersWhere(connection, use)) seen.add(folder);
    }
    return places.map(({ folder }) => folder).filter((folder) => seen.has(folder));
  } catch {
    // A condition that cannot be computed here is the query's to complain about, over everything.
    return places.map(({ folder }) => folder);
  } finally {
    await connection.run("DROP TABLE stored_partitions");
  }
}

async function foldersWhere(
  connection: DuckDBConnection,
  use: ViewUse,
): Promise<readonly string[]> {
  const template = "SELECT folder FROM stored_partitions WHERE true";
  const text = await connection.runAndReadAll("SELECT json_serialize_sql($1::VARCHAR)", [template]);
  const tree = JSON.parse(String(text.getRows()[0]![0]), (name, value) => {
    if (name === "query_location") return 0;
    if (name !== "where_clause") return value;
    const all = { class: "CONJUNCTION", type: "CONJUNCTION_AND", alias: "", query_location: 0 };
    return { ...all, children: use };
  });
  const back = "SELECT json_deserialize_sql($1::VARCHAR::JSON)";
  const sql = await connection.runAndReadAll(back, [JSON.stringify(tree)]);
  const found = await connection.runAndReadAll(String(sql.getRows()[0]![0]));
  return found.getRows().map(([folder]) => String(folder));
}

/** Damage of a manifest is told when its partition is checked. */
async function hasManifest(store: Store, folder: string): Promise<boolean> {
  const isThere = await stat(store.path(`${folder}/manifest.json`)).then(
    () => true,
    () => false,
  );
  return isThere || (await settledManifest(store, folder)) !== undefined;
}

/** A table of no rows; that of features has the columns of one that is stored. */
async function emptySelect(
  store: Store,
  { place, columns, levels }: Part,
  stored: readonly string[],
): Promise<string | undefined> {
  let known = columns;
  for (let i = 0; known === undefined && i < stored.length; i++) {
    const manifest = await settledManifest(store, stored[i]!).catch(() => undefined);
    known = manifest?.columns;
  }
  if (known === undefined) return undefined;
  const named = [...place, ...(levels === undefined ? [] : ["levels"])];
  const all = [...known, ...named.map((name) => ({ name, type: placeType(name) }))];
  const nulls = all.map(({ name, type }) => `NULL::${type} AS ${quoteName(name)}`);
  return `SELECT ${nulls.join(", ")} WHERE false`;
}

function placeType(name: string): string {
  if (name === "levels") return "INTEGER";
  return name === "date" ? "DATE" : "VARCHAR";
}

function ticks(type: DataType): Part {
  const columns = SCHEMAS[type].map(({ name, rule }) => ({ name, type: parquetType(rule) }));
  return { parent: `lake/${type}`, place: TICK_PLACE, columns };
}
