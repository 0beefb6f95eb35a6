import { DuckDBInstance } from "@duckdb/node-api";
import { quote } from "../store/store.js";

/** Columns of book changes with their types. */
const COLUMNS: Readonly<Record<string, string>> = {
  timestamp: "BIGINT",
  local_timestamp: "BIGINT",
  is_snapshot: "BOOLEAN",
  side: "VARCHAR",
  price: "DOUBLE",
  amount: "DOUBLE",
};

/** How many rows a file has, and a checksum over every value and its place. */
export interface RowDigest {
  readonly rows: number;
  readonly digest: string;
}

/** Digest of the rows of an inflated csv of book changes, read by DuckDB: another reader than ours. */
export function csvDigest(file: string): Promise<RowDigest> {
  return digestOf(csvSource(file));
}

/**
 * Whether a Parquet file holds the rows of a csv: all of them, in order, equal to the last bit.
 *
 * @param expected - digest of the csv
 * @returns undefined when it does, else what is wrong
 */
export async function rowDifference(
  parquet: string,
  csv: string,
  expected: RowDigest,
): Promise<string | undefined> {
  const found = await digestOf(parquetSource(parquet));
  if (found.rows !== expected.rows) return `${found.rows} rows of ${expected.rows}`;
  if (found.digest === expected.digest) return undefined;
  const differs = Object.keys(COLUMNS).map((name) => `a.${name} IS DISTINCT FROM b.${name}`);
  const [row] = await ask(
    `SELECT min(n) FROM (${numbered(csvSource(csv))}) a
       JOIN (${numbered(parquetSource(parquet))}) b USING (n) WHERE ${differs.join(" OR ")}`,
  );
  return `row ${row} is not the csv's`;
}

function parquetSource(file: string): string {
  return `read_parquet(${quote(file)})`;
}

function csvSource(file: string): string {
  const types = Object.entries({ exchange: "VARCHAR", symbol: "VARCHAR", ...COLUMNS });
  const columns = types.map(([name, type]) => `'${name}': '${type}'`);
  return `read_csv(${quote(file)}, header = true, columns = {${columns.join(", ")}})`;
}

/** Rows with their numbers, of the same types whatever wrote them. */
function numbered(source: string): string {
  const values = Object.entries(COLUMNS).map(([name, type]) => `${name}::${type} AS ${name}`);
  return `SELECT row_number() OVER () AS n, ${values.join(", ")} FROM ${source}`;
}

async function digestOf(source: string): Promise<RowDigest> {
  const [rows, digest] = await ask(
    `SELECT count(*), sum(hash(n, ${Object.keys(COLUMNS).join(", ")})::HUGEINT)::VARCHAR
       FROM (${numbered(source)})`,
  );
  return { rows: Number(rows), digest: String(digest) };
}

async function ask(sql: string): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson()[0]!;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
