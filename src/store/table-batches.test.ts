import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DataError } from "../core/errors.js";
import { seededRandom } from "../core/random.js";
import { ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import type { Column } from "./column.js";
import { duckdbBatches } from "./duckdb-batches.js";
import { requireIntact } from "./integrity.js";
import { listPartitions } from "./list.js";
import { createParquetFile } from "./parquet/parquet-file.js";
import { PARQUET_FILE, partitionFolder } from "./partition.js";
import { readColumns, readTrades } from "./read.js";
import { type Batch, type Selected, selectStored } from "./selected.js";
import { openStore, quote, type Store } from "./store.js";
import { tableBatches } from "./table-batches.js";
import { TRADES_KEY, writeTestTrades } from "./test-trades.js";
import { storedColumns } from "./tick-table.js";
import { commitTicks } from "./write.js";

const CAPTURES = path.resolve(__dirname, "../../../shared/market-data/datasets");
const HAS_CAPTURES = existsSync(CAPTURES);
if (!HAS_CAPTURES) console.warn("skipped: real captures are not at ../shared/market-data");

const FOLDER = partitionFolder(TRADES_KEY);
const SOURCE = { kind: "file", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) } as const;

let root: string;
let store: Store;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-batches-"));
  store = await openStore(root);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await store.close();
  await rm(root, { recursive: true, force: true });
});

/** Puts batches together; doubles as their bits, texts as one. */
async function whole(batches: AsyncIterable<Batch>): Promise<Readonly<Record<string, string>>> {
  const parts: Record<string, Buffer[]> = {};
  for await (const batch of batches) {
    for (const [name, column] of Object.entries(batch)) {
      const list = parts[name] ?? [];
      parts[name] = list;
      list.push(bytesOf(column));
    }
  }
  return Object.fromEntries(
    Object.entries(parts).map(([name, list]) => [name, Buffer.concat(list).toString("latin1")]),
  );
}

function bytesOf(column: Column): Buffer {
  if (Array.isArray(column)) return Buffer.from(`${JSON.stringify(column).slice(1, -1)},`);
  const { buffer, byteOffset, byteLength } = column as Float64Array;
  return Buffer.from(buffer.slice(byteOffset, byteOffset + byteLength));
}

test.skipIf(!HAS_CAPTURES)(
  "every real capture is decoded as DuckDB reads it, bit for bit",
  async () => {
    const captured = await openStore(path.join(root, "captured"));
    const source = await openSource(CAPTURES);
    for (const file of readdirSync(CAPTURES, { recursive: true, encoding: "utf8" })) {
      const [, exchange, type, year, month, day, symbol] =
        /^([^/]+)\/([^/]+)\/(\d+)\/(\d+)\/(\d+)\/([^/]+)\.csv\.gz$/.exec(file) ?? [];
      if (symbol === undefined) continue;
      const date = `${year}-${month}-${day}`;
      const request = { exchange: exchange!, symbols: [symbol], types: [type!], days: [date] };
      await ingest(captured, source, request);
    }
    const partitions = await listPartitions(captured);
    expect(partitions).toHaveLength(34);
    for (const { key, manifest } of partitions) {
      const folder = partitionFolder(key);
      const selected: Selected[] = manifest.columns.map(selectStored);
      if (manifest.columns.some(({ name }) => name === "side")) {
        const of = new Map([
          ["bid", 1],
          ["ask", -1],
          ["buy", 2],
        ] as const);
        selected.push({ name: "code", column: "side", kind: "int8", codes: { of, otherwise: 7 } });
      }
      const expected = await whole(duckdbBatches(captured, folder, selected));
      const connect = vi.spyOn(captured, "connect");
      const found = await whole(tableBatches(captured, { folder, manifest }, selected));
      expect(connect).not.toHaveBeenCalled();
      connect.mockRestore();
      for (const { name } of selected) expect(found[name] === expected[name], name).toBe(true);
    }
    await captured.close();
  },
  300_000,
);

test("what this version did not write is read by DuckDB, with the same values", async () => {
  await writeTestTrades(store, 5000);
  const mine = await whole(readTrades(store, TRADES_KEY) as unknown as AsyncIterable<Batch>);
  const columns = await readColumns(store, TRADES_KEY);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const form of ["CODEC snappy", "CODEC zstd, ROW_GROUP_SIZE 2048", "PARQUET_VERSION v2"]) {
    const copy = path.join(root, "copy.parquet");
    const from = store.path(`${FOLDER}/${PARQUET_FILE}`);
    await connection.run(`COPY (FROM ${quote(from)}) TO ${quote(copy)} (${form})`);
    await commit((file) => writeFileSync(file, readFileSync(copy)), 5000);
    const connect = vi.spyOn(store, "connect");
    expect(await whole(readTrades(store, TRADES_KEY) as unknown as AsyncIterable<Batch>)).toEqual(
      mine,
    );
    expect(connect).toHaveBeenCalled();
    connect.mockRestore();
    expect(await readColumns(store, TRADES_KEY)).toEqual(columns);
  }
  connection.closeSync();
  instance.closeSync();
  // Another version's manifest says that its tables may be written in another way.
  await writeTestTrades(store, 5000);
  const manifest = await requireIntact(store, FOLDER);
  const selected = manifest.columns.map(selectStored);
  const connect = vi.spyOn(store, "connect");
  const older = { folder: FOLDER, manifest: { ...manifest, writer: "tickbook 2" } };
  const byDuckdb = await whole(tableBatches(store, older, selected));
  expect(connect).toHaveBeenCalledTimes(1);
  const own = { folder: FOLDER, manifest };
  expect(await whole(tableBatches(store, own, selected))).toEqual(byDuckdb);
  expect(connect).toHaveBeenCalledTimes(1);
  connect.mockRestore();
});

/** A partition of trades whose file is written as it is told to; its manifest says what became of it. */
function commit(write: (file: string) => unknown, rows: number): Promise<unknown> {
  return commitTicks(store, TRADES_KEY, async (folder) => {
    await write(path.join(folder, PARQUET_FILE));
    return { rows, first: null, last: null, source: SOURCE, rejected: {} };
  });
}

test("damage that a manifest vouches for is an error with the remedy, or the rows that it says", async () => {
  await writeTestTrades(store, 3000);
  const bytes = readFileSync(store.path(`${FOLDER}/${PARQUET_FILE}`));
  const random = seededRandom(41, "damage");
  let errors = 0;
  for (let i = 0; i < 100; i++) {
    const changed = Buffer.from(bytes);
    // Half of it near the end, where the file says what it holds.
    const room = random.below(2) === 0 ? 2000 : changed.length - 4;
    changed[changed.length - 1 - random.below(room)]! ^= 1 << random.below(8);
    await commit((file) => writeFileSync(file, changed), 3000);
    let rows = 0;
    const read = async (): Promise<void> => {
      for await (const { price } of readTrades(store, TRADES_KEY)) rows += price.length;
    };
    const error = await read().catch((thrown: unknown) => thrown);
    if (error === undefined) expect(rows).toBe(3000);
    else {
      expect(error).toBeInstanceOf(DataError);
      expect(String(error)).toMatch(/part-0.parquet: gave 0 rows, and then it .*; fetch it again/);
      errors++;
    }
  }
  expect(errors).toBeGreaterThan(10);
});

test("a table of another number of rows than its manifest says is refused", async () => {
  const write = async (file: string): Promise<void> => {
    const table = await createParquetFile(file, storedColumns("trades"));
    const one = Float64Array.of(1e15);
    table.append([one, one, ["x"], Int8Array.of(1), one, one], 1);
    table.finish();
  };
  await commit(write, 2);
  await expect(readTrades(store, TRADES_KEY).next()).rejects.toThrow(/had 1 rows/);
  await expect(readColumns(store, TRADES_KEY)).rejects.toThrow(DataError);
});

test("each batch has arrays of its own, unless they may be reused; the rows are the same", async () => {
  await writeTestTrades(store, 400_000);
  const prices = async (isReused: boolean): Promise<readonly [number, number]> => {
    const buffers = new Set<unknown>();
    let row = 0;
    for await (const { price, side, localTimestampUs } of readTrades(store, TRADES_KEY, {
      isReused,
    })) {
      buffers.add(localTimestampUs.buffer).add(price.buffer).add(side.buffer);
      const wrong = price.findIndex((value, i) => value !== 1 + (row + i) / 4);
      expect(wrong).toBe(-1);
      expect(side.every((value, i) => value === ((row + i) % 3) - 1)).toBe(true);
      row += price.length;
    }
    return [row, buffers.size];
  };
  expect(await prices(false)).toEqual([400_000, 12]);
  const [rows, buffers] = await prices(true);
  expect([rows, buffers < 12]).toEqual([400_000, true]);
  const { price } = await readColumns(store, TRADES_KEY, ["price"]);
  expect((price as Float64Array).every((value, i) => value === 1 + i / 4)).toBe(true);
});
