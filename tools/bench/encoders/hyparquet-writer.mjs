// A Parquet writer in JavaScript: snappy, which it has built in, on one thread.
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { integersOf } from "./integers.mjs";

/** Rows of a row group: as many as DuckDB puts into one. */
const GROUP_ROWS = 122_880;
const NAMES = ["timestamp", "local_timestamp", "is_snapshot", "side", "price", "amount"];

export async function encode(blocks, { target, packages }) {
  const require = createRequire(path.join(packages, "package.json"));
  const { ParquetWriter, fileWriter } = await import(
    pathToFileURL(require.resolve("hyparquet-writer"))
  );
  const required = { repetition_type: "REQUIRED" };
  const schema = [
    { name: "root", num_children: NAMES.length },
    { name: "timestamp", type: "INT64", ...required },
    { name: "local_timestamp", type: "INT64", ...required },
    { name: "is_snapshot", type: "BOOLEAN", ...required },
    { name: "side", type: "BYTE_ARRAY", converted_type: "UTF8", ...required },
    { name: "price", type: "DOUBLE", ...required },
    { name: "amount", type: "DOUBLE", ...required },
  ];
  const writer = new ParquetWriter({ writer: fileWriter(target), schema, codec: "SNAPPY" });
  let held = [];
  const write = async () => {
    const columnData = NAMES.map((name) => ({ name, data: joined(held.map((one) => one[name])) }));
    held = [];
    await writer.write({ columnData, rowGroupSize: 2 * GROUP_ROWS });
  };
  for await (const block of blocks) {
    held.push(columnsOf(block));
    if (held.reduce((sum, { price }) => sum + price.length, 0) >= GROUP_ROWS) await write();
  }
  if (held.length > 0) await write();
  await writer.finish();
}

function columnsOf(block) {
  const { rows } = block;
  return {
    timestamp: integersOf(block.timestampUs, rows),
    local_timestamp: integersOf(block.localTimestampUs, rows),
    is_snapshot: Array.from({ length: rows }, (_, i) => block.isSnapshot[i] === 1),
    side: Array.from({ length: rows }, (_, i) => (block.side[i] > 0 ? "bid" : "ask")),
    price: block.price.slice(0, rows),
    amount: block.amount.slice(0, rows),
  };
}

function joined(parts) {
  if (Array.isArray(parts[0])) return parts.flat();
  const whole = new parts[0].constructor(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
