import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ingest } from "../ingest/ingest.js";
import { openSource } from "../ingest/open-source.js";
import { simulateMarket } from "../simulate/simulate-market.js";
import { openStore, type Store } from "../store/store.js";
import { ingestTable, speedFindings } from "./ingest-report.js";
import {
  checkIntegrity,
  damagedCount,
  integrityFindings,
  integrityTable,
} from "./integrity-check.js";
import { countRows, marketRange } from "./store-summary.js";
import { storedVolumes } from "./store-volumes.js";

const range = marketRange("simulated", "SOL", "2024-01-01", "2024-01-03");
let folder = "";
let store: Store;
let files: Awaited<ReturnType<typeof ingest>> = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "tickbook-integrity-"));
  const mirror = path.join(folder, "mirror");
  await simulateMarket(mirror, {
    symbols: ["SOLUSDT"],
    from: "2024-01-01",
    to: "2024-01-03",
    seed: 2,
    edge: "none",
    hasFaults: false,
    types: ["trades", "quotes"],
  });
  store = await openStore(path.join(folder, "data"));
  files = await ingest(store, await openSource(mirror), range);
}, 120_000);

afterAll(async () => {
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("volumes are what the files hold: rows as counted by SQL, bytes as the source has them", async () => {
  const volumes = await storedVolumes(store, range);
  expect(volumes).toHaveLength(4);
  expect(volumes.reduce((sum, { rows }) => sum + rows, 0)).toBe(await countRows(store, range));
  const table = ingestTable({ files, volumes });
  const [all] = table.rows.slice(-1);
  const sums = [2, 3, 4, 5, 6, 7, 8, 9].map((column) =>
    table.rows.slice(0, -1).reduce((sum, row) => sum + Number(row[column]), 0),
  );
  expect(all!.slice(2, 8)).toEqual(sums.slice(0, 6));
  expect(all![10]).toBeCloseTo(sums[7]! / sums[6]!, 12);
  expect(all![2]).toBe(4);
  expect(speedFindings({ files, seconds: 2 })).toContain("4 files in 2.0 s");
  const kept = files.map((file) => ({ ...file, status: "kept" as const }));
  expect(speedFindings({ files: kept, seconds: 2 })).toContain("nothing was written");
});

test("one flipped bit in a stored file is found, named and counted; the others are as written", async () => {
  const whole = await checkIntegrity(store, range);
  expect(damagedCount(whole)).toBe(0);
  expect(integrityFindings(whole)).toContain("All 4 partitions are");
  const place = "lake/quotes/exchange=simulated/symbol=SOLUSDT/date=2024-01-02/part-0.parquet";
  flipBit(store.path(place), 1234);
  const found = await checkIntegrity(store, range);
  expect(damagedCount(found)).toBe(1);
  expect(integrityFindings(found)).toMatch(/1 of 4 partitions are damaged.*\n- .*2024-01-02/);
  expect(integrityTable(found).rows.map((row) => row.slice(3))).toEqual([
    [2, 0],
    [1, 1],
  ]);
  flipBit(store.path(place), 1234);
  expect(damagedCount(await checkIntegrity(store, range))).toBe(0);
});

function flipBit(file: string, at: number): void {
  const handle = openSync(file, "r+");
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, at);
  byte[0]! ^= 1;
  writeSync(handle, byte, 0, 1, at);
  closeSync(handle);
}
