import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { DAY_US, MINUTE_US } from "../core/time.js";
import { barsMovedByLaterBook } from "../faults/leaks/later-book.js";
import { FEATURES } from "./catalogue.js";
import { warmUpOf } from "./feature.js";
import type { FeatureRow } from "./feature-rows.js";
import { cutRows, firstDifference } from "./test-cuts.js";
import {
  concat,
  FIRST_MID,
  featureRows,
  type Market,
  rowsBefore,
  START_US,
  slice,
  syntheticMarket,
} from "./test-market.js";

/** Bars of half an hour: a day is 48 of them, so that windows of a day and of a month are soon full. */
const BAR_US = 30 * MINUTE_US;
const BARS = 1700;
const SETTINGS = { barUs: BAR_US, staleAfterUs: 3 * BAR_US };
const ofSeed = (seed: number): Market => syntheticMarket(seed, BARS, { barUs: BAR_US });

let market: Market;
let rows: readonly FeatureRow[];

beforeAll(async () => {
  market = ofSeed(1);
  rows = await featureRows(market, SETTINGS);
});

const column = (of: readonly FeatureRow[], name: string): number[] => {
  const i = FEATURES.findIndex((feature) => feature.name === name);
  return of.map((row) => row.values[i]!);
};

test("the synthetic market gives every feature values in most bars, and some missing ones", () => {
  expect(rows.length).toBeGreaterThan(BARS - 2);
  for (const feature of FEATURES) {
    const valid = column(rows, feature.name).filter((value) => !Number.isNaN(value));
    const isOften = valid.length > (rows.length - warmUpOf(feature, BAR_US)) / 3;
    expect([feature.name, isOften, new Set(valid).size > 1]).toEqual([feature.name, true, true]);
  }
  expect(rows.filter(({ mid }) => Number.isNaN(mid)).length).toBeGreaterThan(3);
});

test("causal: another future changes no bit of any row that ended before it, at 100 random cuts", async () => {
  const other = ofSeed(2);
  const endUs = START_US + BARS * BAR_US;
  const cut = fc.integer({ min: START_US, max: endUs });
  await fc.assert(
    fc.asyncProperty(cut, async (cutUs) => {
      const join = <Table extends Market["trades"] | Market["bookChanges"]>(a: Table, b: Table) =>
        // What comes more than a day later cannot be seen in the rows that are compared.
        concat(
          slice(a, 0, rowsBefore(a, cutUs)),
          slice(b, rowsBefore(b, cutUs), rowsBefore(b, cutUs + DAY_US)),
        );
      const trades = join(market.trades, other.trades);
      const bookChanges = join(market.bookChanges, other.bookChanges);
      const changed = await featureRows({ trades, bookChanges }, SETTINGS);
      const past = rows.filter(({ barEndUs }) => barEndUs <= cutUs);
      expect(changed.length).toBeGreaterThanOrEqual(past.length);
      expect(firstDifference(changed.slice(0, past.length), past)).toBe(-1);
    }),
    { seed: 3, numRuns: 100 },
  );
});

test("one path: a stream cut into random pieces, each begun from saved JSON, gives the same bits", async () => {
  const cuts = fc.array(fc.integer({ min: START_US, max: START_US + BARS * BAR_US }), {
    minLength: 1,
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(cuts, fc.boolean(), async (times, looksAtClock) => {
      // Looking at the clock between events must not leave a trace.
      const pieces = await cutRows(market, times, { ...SETTINGS, looksAtClock });
      expect(firstDifference(pieces, rows)).toBe(-1);
    }),
    { seed: 4, numRuns: 8 },
  );
});

test("one path: cut at every arrival time of a trade, so also within orders, the stream gives the same bits", async () => {
  const untilUs = START_US + 150 * BAR_US;
  const until = <Table extends Market["trades"] | Market["bookChanges"]>(table: Table): Table =>
    slice(table, 0, rowsBefore(table, untilUs));
  const part = { trades: until(market.trades), bookChanges: until(market.bookChanges) };
  const pieces = await cutRows(part, [...new Set(part.trades.localTimestampUs)], SETTINGS);
  expect(part.trades.price.length).toBeGreaterThan(300);
  expect(firstDifference(pieces, await featureRows(part, SETTINGS))).toBe(-1);
});

test("scale: amounts times a power of two leave all features but volume and price impact as they are", async () => {
  const scale = 2 ** 7;
  const { trades, bookChanges } = market;
  const scaled = await featureRows(
    {
      trades: { ...trades, amount: trades.amount.map((x) => x * scale) },
      bookChanges: { ...bookChanges, amount: bookChanges.amount.map((x) => x * scale) },
    },
    SETTINGS,
  );
  for (const { name } of FEATURES) {
    const before = column(rows, name);
    const after = column(scaled, name);
    if (name === "volume") expect(after).toEqual(before.map((x) => x * scale));
    else if (name === "kyle_lambda") expect(after).toEqual(before.map((x) => x / scale));
    else if (name === "amihud_illiq") {
      const expected = before.map((x) => Math.expm1(x) / scale);
      expectClose(after.map(Math.expm1), expected, 1e-9, name);
    } else expect([name, after]).toEqual([name, before]);
  }
});

test("split: one trade as two at the same time, side and price changes trade_intensity alone", async () => {
  const twice = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: 2 * values.length }, (_, i) => values[i >> 1]!);
  const { trades, bookChanges } = market;
  const split = await featureRows(
    {
      bookChanges,
      trades: {
        localTimestampUs: twice(trades.localTimestampUs),
        timestampUs: twice(trades.timestampUs),
        side: Int8Array.from(twice(trades.side)),
        price: twice(trades.price),
        amount: twice(trades.amount).map((x, i) => (i % 2 === 0 ? 0.3 * x : x - 0.3 * x)),
      },
    },
    SETTINGS,
  );
  for (const { name } of FEATURES) {
    const isMeant = name === "trade_intensity";
    if (isMeant) expect(column(split, name)).not.toEqual(column(rows, name));
    else expectClose(column(split, name), column(rows, name), 1e-9, name, sizeOf(name));
  }
});

test("mirror: with bids and asks, buys and sells exchanged and prices reflected, signs flip or values stay", async () => {
  const { trades, bookChanges } = market;
  const reflect = (price: number): number => 2 * FIRST_MID - price;
  const mirrored = await featureRows(
    {
      trades: { ...trades, side: trades.side.map((x) => -x), price: trades.price.map(reflect) },
      bookChanges: {
        ...bookChanges,
        side: bookChanges.side.map((x) => -x),
        price: bookChanges.price.map(reflect),
      },
    },
    SETTINGS,
  );
  const mids = rows.map(({ mid }) => mid).filter((mid) => !Number.isNaN(mid));
  const first = (5 * Math.max(...mids.map((mid) => Math.abs(mid - FIRST_MID)))) / FIRST_MID + 1e-9;
  const negative = (name: string): number[] => column(rows, name).map((x) => -x);
  for (const name of ["obi_l1", "obi_l5", "obi_twa_l5", "ofi_norm", "tfi", "cvd_z"]) {
    expectClose(column(mirrored, name), negative(name), 1e-9, name);
  }
  for (const name of ["vwap_dev_bar", "vwap_dev_15", "vwap_dev_session", "vwap_slope_15"]) {
    expectClose(column(mirrored, name), negative(name), first, name, sizeOf(name));
  }
  expectClose(column(mirrored, "obi_l20_decay"), negative("obi_l20_decay"), first, "decay", 1);
  for (const name of ["trade_intensity", "large_trade_share", "vpin"]) {
    expect([name, column(mirrored, name)]).toEqual([name, column(rows, name)]);
  }
  for (const name of ["vwap_side_gap", "quoted_spread_bps", "kyle_lambda", "amihud_illiq"]) {
    expectClose(column(mirrored, name), column(rows, name), first, name, sizeOf(name));
  }
  const effective = "effective_spread_bps";
  expectClose(column(mirrored, effective), column(rows, effective), first, effective, 1);
  // A z-score divides a first-order change of ln spread by a deviation that may be as small as 0.05.
  expectClose(column(mirrored, "spread_z"), column(rows, "spread_z"), first / 0.05, "spread_z", 1);
});

test("effective spread: where the book goes after a bar's trades, and comes back from, changes no bit of it", async () => {
  for (const seed of [1, 2, 3]) {
    const { moved, bars } = await barsMovedByLaterBook((engine) => engine, seed);
    expect([seed, moved, bars]).toEqual([seed, 0, 200]);
  }
});

test("ranges: no value leaves the catalogue's bounds, none is infinite, and bits of the mask say which are there", () => {
  const wrong: unknown[] = [];
  for (const { barEndUs, mid, values, valid } of rows) {
    FEATURES.forEach(({ name, number, range: [low, high] }, i) => {
      const value = values[i]!;
      const isValid = ((valid >> BigInt(number - 1)) & 1n) === 1n;
      const isRight = isValid
        ? Number.isFinite(value) && value >= low && value <= high
        : Number.isNaN(value);
      if (!isRight) wrong.push([barEndUs, name, value]);
    });
    if (((valid >> 54n) & 1n) !== (Number.isNaN(mid) ? 1n : 0n)) wrong.push([barEndUs, "mid", mid]);
  }
  expect(wrong).toEqual([]);
});

test("the catalogue holds the contract's bounds, and one of the three regimes is always in force", () => {
  const bounds = (low: number, numbers: readonly number[]): void => {
    const found = FEATURES.filter(({ number }) => numbers.includes(number));
    expect(found.map(({ range }) => range)).toEqual(found.map(() => [low, 1]));
  };
  bounds(-1, [16, 28, 34, 35, 36, 37, 39]);
  bounds(0, [17, 18, 20, 42, 43]);
  const regimes = ["low", "normal", "high"].map((name) => column(rows, `vol_regime_${name}`));
  const sums = rows.map((_, i) => regimes.reduce((sum, regime) => sum + regime[i]!, 0));
  expect(sums.filter((sum) => !Number.isNaN(sum)).every((sum) => sum === 1)).toBe(true);
});

test("warm-up: the first bars of a feature are NaN for exactly as many bars as the catalogue says", () => {
  // Daily rules and thin books cannot be told from warm-up in a random market, and buckets fill when they fill.
  const byFamily = /^(ohlcv|returns|trend|momentum|volatility|volume|regime)$/;
  const byName = /^(cvd_z|trade_intensity|large_trade_share|amihud_illiq)$/;
  const known = FEATURES.filter(({ family, name }) => byFamily.test(family) || byName.test(name));
  const firstTrade = column(rows, "close").findIndex((close) => !Number.isNaN(close));
  for (const feature of known) {
    const { name } = feature;
    const first = column(rows, name).findIndex((value) => !Number.isNaN(value));
    const isFromTrade = !/volume|cvd|intensity|large/.test(name);
    const expected = warmUpOf(feature, BAR_US) + (isFromTrade ? firstTrade : 0);
    expect([name, first]).toEqual([name, expected]);
  }
  const buckets = FEATURES.find(({ name }) => name === "vpin")!;
  const firstBucket = column(rows, "vpin").findIndex((value) => !Number.isNaN(value));
  expect(firstBucket).toBeGreaterThan(warmUpOf(buckets, BAR_US));
});

test("without a book, features that need one are NaN and all others keep their bits", async () => {
  const bare = await featureRows({ trades: market.trades }, SETTINGS);
  expect(bare[0]!.barEndUs).toBe(rows[0]!.barEndUs);
  for (const { name, inputs } of FEATURES) {
    const values = column(bare, name);
    if (inputs.includes("book")) expect([name, values.every(Number.isNaN)]).toEqual([name, true]);
    else expect([name, values]).toEqual([name, column(rows, name).slice(0, values.length)]);
  }
  expect(bare.every(({ valid }) => ((valid >> 54n) & 1n) === 1n)).toBe(true);
});

/** Root mean square of a feature: where a value passes zero, an error is held against the size of the others. */
function sizeOf(name: string): number {
  const there = column(rows, name).filter((value) => !Number.isNaN(value));
  return Math.sqrt(there.reduce((sum, x) => sum + x * x, 0) / there.length);
}

/** Equal up to a relative error, NaN where NaN; `least` is the scale below which the error is absolute. */
function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  name = "",
  least = 1e-12,
): void {
  expect([name, actual.length]).toEqual([name, expected.length]);
  const wrong = actual.findIndex((value, i) => {
    const target = expected[i]!;
    if (Number.isNaN(value) || Number.isNaN(target))
      return Number.isNaN(value) !== Number.isNaN(target);
    return Math.abs(value - target) > tolerance * Math.max(Math.abs(target), least);
  });
  expect([name, wrong, actual[wrong], expected[wrong]]).toEqual([name, -1, undefined, undefined]);
}
