import { appendFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PARQUET_FILE, partitionFolder } from "../../store/partition.js";
import { readTrades } from "../../store/read.js";
import { openStore } from "../../store/store.js";
import { MADE_MARKET_VERSION } from "./made-market.js";
import { MADE_SYMBOL, type MadeStore, madeStore } from "./made-store.js";

const DAY = { ...MADE_SYMBOL, date: "2024-08-08", seed: 2 };
let folder: string;
let runs = 0;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tickbook-made-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const make = async (seed = DAY.seed): Promise<MadeStore> => {
  const run = path.join(folder, `run-${runs++}`);
  await mkdir(run);
  const place = { cache: path.join(folder, "cache"), folder: run, name: "day" };
  return madeStore(place, [{ ...DAY, seed }], { rows: 20_000, orders: 1 });
};

const tableOf = (root: string): string =>
  path.join(root, partitionFolder({ ...DAY, type: "trades" }), PARQUET_FILE);

test("a made store holds the day's rows, as it says; the same seed gives the same bytes, another seed others", async () => {
  const made = await make();
  expect(made).toMatchObject({ bookChanges: 20_000 });
  const store = await openStore(made.root);
  let trades = 0;
  for await (const { price } of readTrades(store, DAY)) trades += price.length;
  await store.close();
  expect(made.trades).toBe(trades);
  expect(trades).toBeGreaterThan(100);
  const bytes = await readFile(tableOf(made.root));
  expect(bytes.equals(await readFile(tableOf((await make()).root)))).toBe(true);
  expect(bytes.equals(await readFile(tableOf((await make(3)).root)))).toBe(false);
});

test("what a run does to its store leaves the cache as it is, and a table that is damaged there is made anew", async () => {
  const made = await make();
  const bytes = await readFile(tableOf(made.root));
  await appendFile(tableOf(made.root), "x");
  expect((await readFile(tableOf((await make()).root))).equals(bytes)).toBe(true);
  const name = `made-day-v${MADE_MARKET_VERSION}-seed-2-rows-20000`;
  await appendFile(tableOf(path.join(folder, "cache", name)), "x");
  expect((await readFile(tableOf((await make()).root))).equals(bytes)).toBe(true);
});
