import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { DAY_US, dateOf, SECOND_US } from "../core/time.js";
import { type DerivedTable, readDerived, readDerivedManifest } from "../store/derived.js";
import { openStore, type Store } from "../store/store.js";
import { barName, parseBar } from "./bar-length.js";
import { FEATURES } from "./catalogue.js";
import { checkFeatures } from "./check/check-features.js";
import { computeFeatures, type FeatureRun } from "./compute-features.js";
import { featuresFolder, stateFolder } from "./feature-partition.js";
import {
  BAR_US,
  featureRows,
  type Market,
  rowsBefore,
  START_US,
  slice,
  storeMarket,
  syntheticMarket,
} from "./test-market.js";

const MIDNIGHT_US = START_US + 600 * SECOND_US;
const DAYS = [dateOf(START_US), dateOf(MIDNIGHT_US)];
const PLACE = { exchange: "simulated", symbol: "BTCUSDT" };
const REQUEST = {
  exchange: "simulated",
  symbols: ["BTCUSDT"],
  days: DAYS,
  barUs: BAR_US,
  staleAfterUs: 3 * SECOND_US,
};
const MARKET = syntheticMarket(5, 900);

let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-features-"));
  store = await openStore(root);
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

/** The events before or from midnight. */
function half(market: Market, isFirst: boolean): Market {
  const part = <Table extends Market["trades"] | Market["bookChanges"]>(table: Table): Table => {
    const at = rowsBefore(table, MIDNIGHT_US);
    return isFirst ? slice(table, 0, at) : slice(table, at);
  };
  return { trades: part(market.trades), bookChanges: part(market.bookChanges) };
}

async function storeBothDays(): Promise<void> {
  await storeMarket(store, { ...PLACE, date: DAYS[0]! }, half(MARKET, true));
  await storeMarket(store, { ...PLACE, date: DAYS[1]! }, half(MARKET, false));
}

const statuses = ({ partitions }: FeatureRun): string[] => partitions.map(({ status }) => status);

const stored = async (date: string): Promise<DerivedTable> =>
  readDerived(store, featuresFolder({ ...PLACE, date }, BAR_US));

const texts = ({ columns }: DerivedTable, name: string): Set<string> =>
  new Set(columns[name] as readonly string[]);

test("stored days are the rows of one uncut stream, bit for bit, filed under the date their bar begins", async () => {
  await storeBothDays();
  const run = await computeFeatures(store, REQUEST);
  const rows = await featureRows(MARKET);
  expect(run.rows).toBe(rows.length);
  expect(run.columns).toBe(FEATURES.length);
  expect(run.eventsPerSecond).toBeGreaterThan(0);
  expect(run.partitions.map(({ isResumed }) => isResumed)).toEqual([false, true]);
  const days = [await stored(DAYS[0]!), await stored(DAYS[1]!)];
  const joined = (name: string): number[] =>
    days.flatMap(({ columns }) => [...(columns[name] as Float64Array)]);
  expect(joined("bar_end_us")).toEqual(rows.map(({ barEndUs }) => barEndUs));
  expect(days[0]!.columns["bar_end_us"]!.at(-1)).toBe(MIDNIGHT_US);
  expect(joined("mid")).toEqual(rows.map(({ mid }) => mid));
  FEATURES.forEach(({ name }, i) => {
    const values = joined(name);
    expect([name, values.every((x, row) => Object.is(x, rows[row]!.values[i]))]).toEqual([
      name,
      true,
    ]);
  });
  const valid = days.flatMap(({ columns }) => [...(columns["valid"] as BigUint64Array)]);
  expect(valid).toEqual(rows.map((row) => row.valid));
  expect(texts(days[0]!, "source")).toEqual(new Set(["incremental_book_L2"]));
  expect(texts(days[0]!, "verdict")).toEqual(new Set(["unknown"]));
});

test("a second run keeps everything; a changed day is computed again, and so is the day after it", async () => {
  await storeBothDays();
  expect(statuses(await computeFeatures(store, REQUEST))).toEqual(["written", "written"]);
  const again = await computeFeatures(store, REQUEST);
  expect([statuses(again), again.eventsPerSecond]).toEqual([["kept", "kept"], 0]);
  expect(statuses(await computeFeatures(store, { ...REQUEST, days: [DAYS[1]!] }))).toEqual([
    "kept",
  ]);
  const changed = half(syntheticMarket(6, 900), true);
  await storeMarket(store, { ...PLACE, date: DAYS[0]! }, changed);
  expect(statuses(await computeFeatures(store, REQUEST))).toEqual(["written", "written"]);
});

test.each([
  ["features", featuresFolder],
  ["state", stateFolder],
])("a day whose %s were damaged is computed again", async (_, folderOf) => {
  await storeBothDays();
  await computeFeatures(store, REQUEST);
  const folder = folderOf({ ...PLACE, date: DAYS[0]! }, BAR_US);
  await appendFile(store.path(`${folder}/part-0.parquet`), "x");
  await store.close();
  store = await openStore(root);
  const mended = await computeFeatures(store, REQUEST);
  expect(statuses(mended)).toEqual(["written", "kept"]);
  expect(statuses(await computeFeatures(store, REQUEST))).toEqual(["kept", "kept"]);
});

test("a day whose day before was never computed begins a stream; once it was, the day goes on from it", async () => {
  await storeBothDays();
  const only = { ...REQUEST, days: [DAYS[1]!] };
  const alone = await computeFeatures(store, only);
  expect(alone.partitions[0]!.isResumed).toBe(false);
  await computeFeatures(store, { ...REQUEST, days: [DAYS[0]!] });
  const after = await computeFeatures(store, only);
  expect(after.partitions[0]).toMatchObject({ status: "written", isResumed: true });
});

test("a day computed before the next one arrived serves the next as well as one computed after", async () => {
  await storeMarket(store, { ...PLACE, date: DAYS[0]! }, half(MARKET, true));
  await computeFeatures(store, { ...REQUEST, days: [DAYS[0]!] });
  await storeMarket(store, { ...PLACE, date: DAYS[1]! }, half(MARKET, false));
  await computeFeatures(store, { ...REQUEST, days: [DAYS[1]!] });
  const rows = (await featureRows(MARKET)).filter(({ barEndUs }) => barEndUs > MIDNIGHT_US);
  const { columns } = await stored(DAYS[1]!);
  expect([...(columns["mid"] as Float64Array)]).toEqual(rows.map(({ mid }) => mid));
  expect([...(columns["log_ret_60"] as Float64Array)]).toEqual(rows.map(({ values }) => values[7]));
});

test("a damaged day fails with its place and remedy, the others are done; nothing at all is wrong usage", async () => {
  await storeBothDays();
  const damaged = path.join("lake/trades/exchange=simulated/symbol=BTCUSDT", `date=${DAYS[0]}`);
  await appendFile(path.join(root, damaged, "part-0.parquet"), "x");
  const run = await computeFeatures(store, REQUEST);
  expect(statuses(run)).toEqual(["failed", "written"]);
  expect(run.partitions[0]!.reason).toMatch(/part-0\.parquet.*npx tickbook ingest/);
  expect(
    await readDerivedManifest(store, featuresFolder({ ...PLACE, date: DAYS[0]! }, BAR_US)),
  ).toBe(undefined);
  await expect(computeFeatures(store, { ...REQUEST, exchange: "binance" })).rejects.toThrow(
    OptionError,
  );
});

test("trades alone give a table whose source says so, and check counts what is missing by cause", async () => {
  const day = { ...PLACE, date: DAYS[0]! };
  await storeMarket(store, day, { trades: half(MARKET, true).trades });
  await computeFeatures(store, { ...REQUEST, days: [DAYS[0]!] });
  const { columns } = await stored(DAYS[0]!);
  expect(new Set(columns["source"] as readonly string[])).toEqual(new Set(["trades"]));
  const checks = (await checkFeatures(store, [day], BAR_US)).overall;
  const of = (name: string): (typeof checks)[number] =>
    checks.find((check) => check.name === name)!;
  expect(of("obi_l1").missing.source).toBe(of("obi_l1").rows);
  expect(of("log_ret_60").missing["warm-up"]).toBe(60);
  expect(of("tfi").missing["no trade"]).toBeGreaterThan(0);
  expect(checks.every(({ outside, wrongBits }) => outside === 0 && wrongBits === 0)).toBe(true);
  expect(of("close").least).toBeGreaterThan(1000);
});

test("bars are named by the largest unit that fits, and lengths that do not divide a day are refused", () => {
  for (const [text, us] of [
    ["1m", 60e6],
    ["5m", 300e6],
    ["1h", 3600e6],
    ["30s", 30e6],
  ] as const) {
    expect([parseBar(text), barName(us)]).toEqual([us, text]);
  }
  expect(barName(DAY_US)).toBe("24h");
  for (const text of ["7m", "1d", "0m", "m", "1.5m", ""])
    expect(() => parseBar(text)).toThrow(OptionError);
});
