// Apache's Rust writer compiled to WASM, fed with Arrow record batches: zstd, on one thread.
import { createWriteStream } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { integersOf } from "./integers.mjs";

export async function encode(blocks, { target, packages }) {
  const require = createRequire(path.join(packages, "package.json"));
  const arrow = require("apache-arrow");
  const wasm = await import(pathToFileURL(require.resolve("parquet-wasm")));
  const sides = arrow.vectorFromArray(["ask", "bid"], new arrow.Utf8());
  const properties = new wasm.WriterPropertiesBuilder()
    .setCompression(wasm.Compression.ZSTD)
    .build();
  async function* batches() {
    for await (const block of blocks) {
      const stream = arrow.tableToIPC(tableOf(arrow, sides, block), "stream");
      yield* wasm.Table.fromIPCStream(stream).recordBatches();
    }
  }
  const input = Readable.toWeb(Readable.from(batches()));
  const output = await wasm.transformParquetStream(input, properties);
  await pipeline(Readable.fromWeb(output), createWriteStream(target));
}

function tableOf(arrow, sides, block) {
  const { rows } = block;
  const column = (type, data, more = {}) =>
    arrow.makeVector(arrow.makeData({ type, length: rows, nullCount: 0, data, ...more }));
  const copy = (values) => values.slice(0, rows);
  const bits = new Uint8Array(Math.ceil(rows / 64) * 8);
  for (let i = 0; i < rows; i++) bits[i >> 3] |= block.isSnapshot[i] << (i & 7);
  const codes = block.side.slice(0, rows).map((side) => (side > 0 ? 1 : 0));
  return new arrow.Table({
    timestamp: column(new arrow.Int64(), integersOf(block.timestampUs, rows)),
    local_timestamp: column(new arrow.Int64(), integersOf(block.localTimestampUs, rows)),
    is_snapshot: column(new arrow.Bool(), bits),
    side: column(new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8(), 0), codes, {
      dictionary: sides,
    }),
    price: column(new arrow.Float64(), copy(block.price)),
    amount: column(new arrow.Float64(), copy(block.amount)),
  });
}
