// Reads every value of a Parquet file of book changes with DuckDB: node duckdb-read.cjs FILE; prints sums as JSON.
const { DuckDBInstance } = require("@duckdb/node-api");

const quote = (text) => `'${text.replaceAll("'", "''")}'`;

async function main([file]) {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const result = await connection.runAndReadAll(
    `SELECT count(*), sum(local_timestamp - timestamp), count_if(is_snapshot), count_if(side = 'bid'),
       sum(round(price * 10)::BIGINT), sum(round(amount * 1000)::BIGINT) FROM read_parquet(${quote(file)})`,
  );
  process.stdout.write(`${JSON.stringify(result.getRowsJson()[0].map(Number))}\n`);
}

main(process.argv.slice(2));
