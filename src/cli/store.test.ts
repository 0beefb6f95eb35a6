import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../store/store.js";
import { writePartition } from "../store/write.js";
import { main } from "./main.js";

const LAKE = "lake/trades/exchange=binance/symbol=BTCUSDT";
let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-prune-"));
  const store = await openStore(root);
  for (const date of ["2024-08-08", "2024-08-09", "2024-08-10"]) {
    const key = { type: "trades", exchange: "binance", symbol: "BTCUSDT", date } as const;
    await writePartition(store, key, async () => ({
      source: { kind: "folder", path: "x.csv.gz", bytes: 1, sha256: "0".repeat(64) },
      rejected: {},
    }));
  }
  await store.close();
  await appendFile(path.join(root, LAKE, "date=2024-08-09", "part-0.parquet"), "x");
  await mkdir(path.join(root, LAKE, "date=2024-08-11"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const there = (day: string): boolean => existsSync(path.join(root, LAKE, `date=2024-08-${day}`));
const prune = (...flags: readonly string[]): Promise<number> =>
  main(["store", "prune", "--data", root, ...flags]);

test("prune only says what would go until it is told to, and takes only what it was asked for", async () => {
  expect(await prune("--damaged")).toBe(0);
  expect(["08", "09", "10", "11"].map(there)).toEqual([true, true, true, true]);
  expect(await prune("--yes")).toBe(0);
  expect(["08", "09", "10", "11"].map(there)).toEqual([true, true, true, false]);
  expect(await prune("--damaged", "--yes")).toBe(0);
  expect(["08", "09", "10"].map(there)).toEqual([true, false, true]);
  expect(await prune("--selected", "--from", "2024-08-10", "--yes")).toBe(0);
  expect(["08", "10"].map(there)).toEqual([true, false]);
});

test("symbols without their exchange are wrong usage, and nothing goes", async () => {
  expect(await prune("--selected", "--symbols", "BTC", "--yes")).toBe(2);
  expect(there("08")).toBe(true);
});
