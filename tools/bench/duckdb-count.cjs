// DuckDB's count and sums over all columns of a Parquet file of book changes: `node duckdb-count.cjs FILE`. Prints the seconds of
// the query alone, and what it counted.
const { DuckDBInstance } = require("@duckdb/node-api");

async function main(file) {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const begin = performance.now();
  const reader = await connection.runAndReadAll(
    `SELECT count(*), sum(timestamp), sum(local_timestamp), sum(CAST(is_snapshot AS INTEGER)),
       sum(CAST(side = 'bid' AS INTEGER)), sum(price), sum(amount) FROM read_parquet('${file.replaceAll("'", "''")}')`,
  );
  const [row] = reader.getRows();
  const seconds = (performance.now() - begin) / 1000;
  process.stdout.write(`${JSON.stringify({ seconds, rows: Number(row[0]) })}\n`);
}

void main(process.argv[2]);
