// DuckDB's count and sums over all columns of a Parquet file of book changes: `node duckdb-count.cjs FILE ROUNDS`. Prints the
// seconds of the query alone, of the first time and of the fastest, and what it counted.
const { DuckDBInstance } = require("@duckdb/node-api");

async function main(file, rounds) {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const seconds = [];
  let row;
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    const reader = await connection.runAndReadAll(
      `SELECT count(*), sum(timestamp), sum(local_timestamp), sum(CAST(is_snapshot AS INTEGER)),
         sum(CAST(side = 'bid' AS INTEGER)), sum(price), sum(amount) FROM read_parquet('${file.replaceAll("'", "''")}')`,
    );
    [row] = reader.getRows();
    seconds.push((performance.now() - begin) / 1000);
  }
  const times = { first: seconds[0], fastest: Math.min(...seconds) };
  process.stdout.write(`${JSON.stringify({ ...times, rows: Number(row[0]) })}\n`);
}

void main(process.argv[2], Number(process.argv[3]));
