// When do the days of a symbol go on from each other, and from what?
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DAY_US, dateOf, MINUTE_US } from "../core/time.js";
import { readDerived, readDerivedManifest } from "../store/derived.js";
import type { SymbolDay } from "../store/read.js";
import { openStore, type Store } from "../store/store.js";
import { FEATURES } from "./catalogue.js";
import { computeFeatures, type FeatureRun } from "./compute-features.js";
import { loneDayBars } from "./day-bars.js";
import type { DaysAhead } from "./days-ahead.js";
import { featureDay } from "./feature-days.js";
import { featuresFolder } from "./feature-partition.js";
import { makeFeatureDay } from "./make-feature-day.js";
import { PresentStates } from "./present-states.js";
import { type Market, START_US, slice, storeMarket, syntheticMarket } from "./test-market.js";

const BAR_US = 5 * MINUTE_US;
const PLACE = { exchange: "simulated", symbol: "CHAIN" };
/** The market of a day begins some minutes after 00:00 and lasts ten hours. */
const FIRST_US = START_US + 600e6;
const DAYS = [0, 1, 2, 3].map((day) => dateOf(FIRST_US + day * DAY_US));
const REQUEST = { exchange: "simulated", symbols: ["CHAIN"], days: DAYS, barUs: BAR_US };

let root: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "tickbook-chain-"));
  store = await openStore(root);
});

afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

const dayOf = (day: number): SymbolDay => ({ ...PLACE, date: DAYS[day]! });

/** A market of a seed, on a day. */
function marketOn(day: number, seed: number): Market {
  const { trades, bookChanges } = syntheticMarket(seed, 120, { barUs: BAR_US });
  const shift = (times: Float64Array): Float64Array =>
    times.map((timeUs) => timeUs + 1200e6 + day * DAY_US);
  return {
    trades: {
      ...trades,
      localTimestampUs: shift(trades.localTimestampUs),
      timestampUs: shift(trades.timestampUs),
    },
    bookChanges: {
      ...bookChanges,
      localTimestampUs: shift(bookChanges.localTimestampUs),
      timestampUs: shift(bookChanges.timestampUs),
    },
  };
}

async function columnsOf(day: number): Promise<Readonly<Record<string, unknown>>> {
  return (await readDerived(store, featuresFolder(dayOf(day), BAR_US))).columns;
}

const valuesOf = (columns: Readonly<Record<string, unknown>>, name: string): number[] =>
  Array.from(columns[name] as Float64Array).filter((value) => !Number.isNaN(value));

const resumed = ({ partitions }: FeatureRun): boolean[] =>
  partitions.map(({ isResumed }) => isResumed);

test("a day without trades is no day on which nothing traded, and one without a book none of yesterday's", async () => {
  const markets = [0, 1, 2, 3].map((day) => marketOn(day, 40 + day));
  await storeMarket(store, dayOf(0), markets[0]!);
  await storeMarket(store, dayOf(1), { bookChanges: markets[1]!.bookChanges });
  await storeMarket(store, dayOf(2), { trades: markets[2]!.trades });
  await storeMarket(store, dayOf(3), markets[3]!);
  const staleAfterUs = DAY_US;
  const run = await computeFeatures(store, { ...REQUEST, staleAfterUs });
  expect(resumed(run)).toEqual([false, false, false, false]);
  const [, bookOnly, tape, last] = await Promise.all([0, 1, 2, 3].map(columnsOf));
  for (const { name, inputs } of FEATURES) {
    const there = [bookOnly!, tape!].map((columns) => valuesOf(columns, name).length);
    if (inputs.includes("trades")) expect([name, there[0]]).toEqual([name, 0]);
    if (inputs.includes("book")) expect([name, there[1]]).toEqual([name, 0]);
  }
  for (const name of ["obi_l1", "ofi_norm", "spread_z"]) {
    expect([name, valuesOf(bookOnly!, name).length > 0]).toEqual([name, true]);
  }
  for (const name of ["close", "volume", "tfi"]) {
    expect([name, valuesOf(tape!, name).length > 0]).toEqual([name, true]);
  }
  // What looks back on an hour knows nothing of the days before.
  const returns = last!["log_ret_60"] as Float64Array;
  expect(returns.findIndex((value) => !Number.isNaN(value))).toBeGreaterThanOrEqual(60);
});

test("a day whose day before went on from what has changed since begins a stream", async () => {
  for (const day of [0, 1, 2]) await storeMarket(store, dayOf(day), marketOn(day, 50 + day));
  const days = DAYS.slice(0, 3);
  expect(resumed(await computeFeatures(store, { ...REQUEST, days }))).toEqual([false, true, true]);
  const third = { ...REQUEST, days: [DAYS[2]!] };
  expect((await computeFeatures(store, third)).partitions).toMatchObject([
    { status: "kept", isResumed: true },
  ]);
  await storeMarket(store, dayOf(0), marketOn(0, 99));
  expect((await computeFeatures(store, third)).partitions).toMatchObject([
    { status: "written", isResumed: false },
  ]);
  const all = await computeFeatures(store, { ...REQUEST, days });
  expect(all.partitions.map(({ status }) => status)).toEqual(["written", "written", "written"]);
  expect(resumed(all)).toEqual([false, true, true]);
});

test("a state of another staleness is not gone on from", async () => {
  for (const day of [0, 1]) await storeMarket(store, dayOf(day), marketOn(day, 60 + day));
  await computeFeatures(store, { ...REQUEST, days: [DAYS[0]!], staleAfterUs: 3e6 });
  const other = await computeFeatures(store, { ...REQUEST, days: [DAYS[1]!], staleAfterUs: 5e6 });
  expect(resumed(other)).toEqual([false]);
  const same = await computeFeatures(store, { ...REQUEST, days: [DAYS[1]!], staleAfterUs: 3e6 });
  expect(resumed(same)).toEqual([true]);
});

test("a day that is replaced before its turn is made from what is there then", async () => {
  const days = DAYS.slice(0, 2);
  for (const day of [0, 1]) await storeMarket(store, dayOf(day), marketOn(day, 70 + day));
  let replacing: Promise<void> | undefined;
  const fresh = marketOn(1, 98);
  await computeFeatures(store, {
    ...REQUEST,
    days,
    progress: (done) => {
      if (done === 1) replacing = storeMarket(store, dayOf(1), fresh);
    },
  });
  await replacing;
  const again = await computeFeatures(store, { ...REQUEST, days });
  const closes = valuesOf(await columnsOf(1), "close");
  expect(again.partitions[0]!.status).toBe("kept");
  expect(closes.at(-1)).toBe(fresh.trades.price.at(-1));
});

test("a day that is replaced while its bars are made fails, and nothing is stored under its name", async () => {
  await storeMarket(store, dayOf(0), marketOn(0, 80));
  const settings = {
    barUs: BAR_US,
    staleAfterUs: 60e6,
    bookSource: "incremental_book_L2",
  } as const;
  const one = await featureDay(store, dayOf(0), settings);
  const ahead = {
    take: async (job: Parameters<DaysAhead["take"]>[0]) => {
      const bars = await loneDayBars(store, job);
      const { trades, bookChanges } = marketOn(0, 80);
      await storeMarket(store, dayOf(0), { trades: slice(trades, 1), bookChanges });
      return bars;
    },
  } as DaysAhead;
  const states = new PresentStates(store, settings);
  await expect(makeFeatureDay(store, one, { ahead, states })).rejects.toThrow(
    /simulated CHAIN .*: was replaced while features were computed; .*npx tickbook features/,
  );
  expect(await readDerivedManifest(store, featuresFolder(dayOf(0), BAR_US))).toBe(undefined);
});
