import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { listPartitions } from "../store/list.js";
import type { Store } from "../store/store.js";
import type { PartitionKey } from "../store/tables.js";
import { type IngestedPartition, ingest } from "./ingest.js";
import { openSource } from "./open-source.js";
import { runCost } from "./run-cost.js";
import { cleanUp, contents, csv, freshStore, ingestFrom, mirror, trade } from "./test-mirror.js";
import { vendorPath } from "./vendor-path.js";

const MARKET_DATA = path.resolve(__dirname, "..", "..", "..", "shared", "market-data");
const HAS_MARKET_DATA = existsSync(MARKET_DATA);
const root = path.join(MARKET_DATA, "datasets");
if (!HAS_MARKET_DATA) console.warn("skipped: real captures are not at ../shared/market-data");

afterEach(cleanUp);

/** What a plan assumes of a type's disk is about what its real files took: never much less, nor twice as much. */
async function requireFairEstimates(store: Store): Promise<void> {
  const planned = { status: "new", saidBy: "source", storedBytes: null } as const;
  const conditions = { source: { name: root, isLocal: true }, jobs: 1, speeds: { download: {} } };
  const partitions = await listPartitions(store);
  for (const type of new Set(partitions.map(({ key }) => key.type))) {
    const files = partitions.filter(({ key }) => key.type === type);
    const plan = files.map(({ key, manifest }) => {
      return { ...key, ...planned, bytes: manifest.source.bytes };
    });
    const { disk } = runCost(plan, { ...conditions, freeBytes: 1e12 });
    const took = files.reduce((sum, { manifest }) => {
      return sum + manifest.files["part-0.parquet"]!.bytes;
    }, 0);
    expect([type, disk.partitions > 0.95 * took, disk.partitions < 2 * took]).toEqual([
      type,
      true,
      true,
    ]);
  }
}

test.skipIf(!HAS_MARKET_DATA)(
  "every real file ingests with the rows it has, twice, byte for byte",
  async () => {
    const files = readdirSync(root, { recursive: true, encoding: "utf8" });
    const keys = files.flatMap((file) => {
      const match = /^([^/]+)\/([^/]+)\/(\d+)\/(\d+)\/(\d+)\/([^/]+)\.csv\.gz$/.exec(file);
      if (match === null) return [];
      const [, exchange, type, year, month, day, symbol] = match as unknown as string[];
      return [{ exchange, type, symbol, date: `${year}-${month}-${day}` }] as PartitionKey[];
    });
    expect(keys.length).toBe(34);
    const ingestAll = async (store: Store): Promise<readonly IngestedPartition[]> => {
      const source = await openSource(root);
      const results: IngestedPartition[] = [];
      for (const { exchange, symbol, type, date } of keys) {
        const options = { exchange, symbols: [symbol], types: [type], days: [date] };
        results.push(...(await ingest(store, source, options)));
      }
      return results;
    };
    const store = await freshStore();
    for (const file of await ingestAll(store)) {
      const bytes = readFileSync(path.join(root, vendorPath(file)));
      const lines = gunzipSync(bytes).toString("latin1").split("\n").length - 1;
      expect(file).toMatchObject({ status: "written", rejected: 0, rows: lines - 1 });
      expect(file.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
    expect((await ingestAll(store)).map(({ status }) => status)).toEqual(keys.map(() => "kept"));
    await requireFairEstimates(store);
    // Another store of one exchange's files is the same to the byte.
    const again = await freshStore();
    const source = await openSource(root);
    const symbols = ["BTCUSDT", "ETHUSDT"];
    const days = ["2024-08-08", "2024-08-09"];
    const part = await ingest(again, source, { exchange: "binance", symbols, days });
    expect(part).toHaveLength(12);
    const first = await contents(store.root);
    for (const [name, hash] of Object.entries(await contents(again.root))) {
      expect(first[name]).toBe(hash);
    }
  },
  60_000,
);

test.skipIf(!HAS_MARKET_DATA)(
  "a real damaged gzip among good files fails alone and is named; its place stays empty",
  async () => {
    const broken = readFileSync(path.join(MARKET_DATA, "broken", "CORRUPT_tardis_trades.csv.gz"));
    const good = csv([trade(0), trade(1)]);
    const nextDay = csv([trade(86_400e6), trade(86_400e6 + 1)]);
    const root = await mirror({
      "BTCUSDT 2024-08-08": good,
      "BTCUSDT 2024-08-09": nextDay,
      "BTCUSDT 2024-08-10": broken,
    });
    const store = await freshStore();
    const days = ["2024-08-08", "2024-08-09", "2024-08-10"];
    const results = await ingestFrom(root, store, { days });
    expect(results.map(({ status }) => status)).toEqual(["written", "written", "failed"]);
    expect(results[2]!.reason).toMatch(
      /^binance\/trades\/2024\/08\/10\/BTCUSDT.csv.gz: was damaged: .* at byte 3064 of 1904978; fetch the file again$/,
    );
    const folder = "lake/trades/exchange=binance/symbol=BTCUSDT";
    expect((await readdir(store.path(folder))).sort()).toEqual([
      "date=2024-08-08",
      "date=2024-08-09",
    ]);
    expect(
      await readdir(store.path(".tmp")).then(([run]) => readdir(store.path(`.tmp/${run}`))),
    ).toEqual([]);
  },
);
