// What a DuckDB user writes to turn a vendor's csv.gz into zstd Parquet: node duckdb-copy.cjs FILE OUTPUT
// The types are given, so that nothing has to be guessed; the columns that name the partition are left out, as ours are.
const { DuckDBInstance } = require("@duckdb/node-api");

const TYPES = {
  exchange: "VARCHAR",
  symbol: "VARCHAR",
  timestamp: "BIGINT",
  local_timestamp: "BIGINT",
  is_snapshot: "BOOLEAN",
  side: "VARCHAR",
  price: "DOUBLE",
  amount: "DOUBLE",
};

const quote = (text) => `'${text.replaceAll("'", "''")}'`;

async function main([source, target]) {
  const columns = Object.entries(TYPES).map(([name, type]) => `'${name}': '${type}'`);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(
    `COPY (SELECT * EXCLUDE (exchange, symbol) FROM read_csv(${quote(source)},
       header = true, columns = {${columns.join(", ")}}))
     TO ${quote(target)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

main(process.argv.slice(2));
