import {
  DOUBLE,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBVector,
  TINYINT,
  UTINYINT,
} from "@duckdb/node-api";
import { quote } from "../../store/store.js";
import type { Encode } from "./encode.js";

const TABLE = `CREATE TABLE changes (timestamp DOUBLE, local_timestamp DOUBLE, is_snapshot UTINYINT,
  side TINYINT, price DOUBLE, amount DOUBLE)`;
const TYPES = [DOUBLE, DOUBLE, UTINYINT, TINYINT, DOUBLE, DOUBLE];

/** DuckDB's appender, filled by whole chunks, then its COPY to zstd on all cores. */
export const duckdbEncoder: Encode = async (blocks, { target }) => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(TABLE);
  const appender = await connection.createAppender("changes");
  const chunk = DuckDBDataChunk.create(TYPES);
  const capacity = DuckDBVector.standardSize();
  for await (const {
    rows,
    timestampUs,
    localTimestampUs,
    isSnapshot,
    side,
    price,
    amount,
  } of blocks) {
    const columns = [timestampUs, localTimestampUs, isSnapshot, side, price, amount];
    for (let start = 0; start < rows; start += capacity) {
      chunk.reset();
      chunk.rowCount = Math.min(capacity, rows - start);
      columns.forEach((column, index) => {
        const vector = chunk.getColumnVector(index);
        itemsOf(vector).set(column.subarray(start, start + chunk.rowCount));
        vector.flush();
      });
      appender.appendDataChunk(chunk);
    }
  }
  appender.closeSync();
  await connection.run(
    `COPY (SELECT timestamp::BIGINT AS timestamp, local_timestamp::BIGINT AS local_timestamp,
       is_snapshot::BOOLEAN AS is_snapshot, CASE side WHEN 1 THEN 'bid' ELSE 'ask' END AS side,
       price, amount FROM changes)
     TO ${quote(target)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  connection.closeSync();
  instance.closeSync();
};

/** The memory of a vector: the library keeps it private, and value by value it is ten times slower. */
function itemsOf(vector: unknown): { set(values: ArrayLike<number>): void } {
  const { items } = vector as { readonly items?: unknown };
  if (ArrayBuffer.isView(items)) return items as Float64Array;
  throw new TypeError("a DuckDB vector had no typed items; the installed @duckdb/node-api differs");
}
