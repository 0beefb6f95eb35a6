import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mean, quantile } from "../../core/statistics.js";
import { importCandles } from "../../ingest/candles/import-candles.js";
import { captureBookChanges, captureTrades, hasCaptures } from "../../market/test-captures.js";
import { query } from "../../store/query.js";
import type { Store } from "../../store/store.js";
import { writePartition } from "../../store/write.js";
import { compareMinutes } from "./compare-minutes.js";
import { compareSources, compareWithCandles } from "./compare-sources.js";
import { printedDecimals } from "./minute-differences.js";
import {
  atSecond,
  candlesOf,
  changed,
  DATE,
  freshStore,
  randomTrades,
  START_US,
  storeCandles,
  storeTrades,
  ticksOf,
  without,
} from "./test-sources.js";

const MARKET = { exchange: "coinbase", symbol: "BTC-USD" };
const REQUEST = { ticks: MARKET, candles: MARKET, days: [DATE] };
const FILE = path.resolve(
  __dirname,
  "../../../../shared/market-data/candles/bitfinex_BTC-USD_1m_2018.csv.gz",
);
const hasCandles = existsSync(FILE);
if (!hasCandles) console.warn(`skipped: no real candles at ${FILE}`);

let store: Store;
let remove: () => Promise<void>;
const trades = randomTrades(20_000);
const candles = candlesOf(trades);
const ticks = ticksOf(candles);

beforeAll(async () => {
  ({ store, remove } = await freshStore());
  await storeTrades(store, MARKET, trades);
  await storeCandles(store, { ...MARKET, date: DATE }, candles);
});
afterAll(() => remove());

test("each minute's figures are those that plain SQL over the store gives", async () => {
  const { columns } = await compareSources(store, REQUEST);
  const { rows } = await query(
    store,
    `SELECT (timestamp - ${START_US}) // 60000000 AS minute, count(*), sum(amount), max(price), min(price),
       last(price ORDER BY timestamp, local_timestamp)
     FROM trades WHERE exchange = 'coinbase' AND timestamp < ${START_US} + 86400000000
     GROUP BY minute ORDER BY minute`,
  );
  expect(rows.length).toBeGreaterThan(1400);
  for (const [minute, count, volume, high, low, close] of rows as number[][]) {
    const { ticks: found } = columns;
    expect(found.trades[minute!]).toBe(count);
    expect(found.volume[minute!]).toBeCloseTo(volume!, 9);
    expect([found.high[minute!], found.low[minute!]]).toEqual([high, low]);
    expect(found.close[minute!]).toBe(close);
  }
});

test("candles made from the very trades are equal: correlation 1, no tracking error, basis 1, no lag", async () => {
  const found = await compareSources(store, REQUEST);
  expect(found.comparedMinutes).toBe(candles.trades.filter((count) => count > 0).length);
  for (const figure of [found.high, found.low, found.close]) {
    expect(figure).toEqual({ median: 0, percentile95: 0, largest: 0, equalShare: 1 });
  }
  expect(found.volume.equalShare).toBe(1);
  expect(found.correlation).toBeCloseTo(1, 12);
  expect(found).toMatchObject({
    trackingErrorBps: 0,
    trackingErrorAnnualRatio: 0,
    closeRatio: 1,
    lagMinutes: 0,
    isSameMarket: true,
    tradedWithoutCandle: 0,
    candlesWithoutTrade: 0,
    shortfalls: [],
  });
  expect(found.pointsRatio).toBe(20_000 / found.candles.points);
});

test("candles stamped a minute late or early are found out", () => {
  const shifted = (by: number): ReturnType<typeof changed> =>
    changed(candles, (column) => column.map((_, m) => column[m - by] ?? Number.NaN));
  expect(compareMinutes(ticks, shifted(1)).lagMinutes).toBe(1);
  expect(compareMinutes(ticks, shifted(-1)).lagMinutes).toBe(-1);
  expect(compareMinutes(ticks, shifted(1)).correlation).toBeLessThan(0.5);
});

test("another quote currency changes the level and neither correlation nor tracking error", () => {
  const scaled = changed(candles, (column, name) =>
    name === "volume" ? column : column.map((price) => price / 1.0004),
  );
  const found = compareMinutes(ticks, scaled);
  expect(found.closeRatio).toBeCloseTo(1.0004, 12);
  expect(found.correlation).toBeCloseTo(1, 12);
  expect(found.trackingErrorBps).toBeLessThan(1e-9);
  expect(found.close.median).toBeCloseTo(1 - 1 / 1.0004, 9);
});

test("tracking error and correlation are those of the definitions, worked out plainly", () => {
  const noisy = changed(candles, (column, name) =>
    name === "close" ? column.map((price, m) => price * (1 + 1e-4 * Math.sin(m * m))) : column,
  );
  const found = compareMinutes(ticks, noisy);
  const returns = (close: Float64Array): number[] =>
    Array.from(close, (price, m) => Math.log(price / close[m - 1]!));
  const [a, b] = [returns(ticks.close), returns(noisy.close)];
  const both = a.flatMap((x, m) => (Number.isNaN(x + b[m]!) ? [] : [[x, b[m]!] as const]));
  const [meanA, meanB] = [mean(both.map(([x]) => x)), mean(both.map(([, y]) => y))];
  const covariance = mean(both.map(([x, y]) => (x - meanA) * (y - meanB)));
  const variance = (values: number[], at: number): number =>
    mean(values.map((value) => (value - at) ** 2));
  const varianceA = variance(
    both.map(([x]) => x),
    meanA,
  );
  const varianceB = variance(
    both.map(([, y]) => y),
    meanB,
  );
  expect(found.returns).toBe(both.length);
  expect(found.correlation).toBeCloseTo(covariance / Math.sqrt(varianceA * varianceB), 10);
  const differences = both.map(([x, y]) => x - y);
  const n = both.length;
  const deviation = Math.sqrt((variance(differences, meanA - meanB) * n) / (n - 1));
  expect(found.trackingErrorBps).toBeCloseTo(1e4 * deviation, 8);
  expect(found.trackingErrorAnnualRatio).toBeCloseTo(deviation * Math.sqrt(525_600), 8);
  const apart = Array.from(ticks.close, (x, m) => Math.abs(x / noisy.close[m]! - 1)).filter(
    (value) => value >= 0,
  );
  expect(found.close.median).toBeCloseTo(quantile(apart, 0.5), 7);
});

test("missing minutes are counted on either side, and their runs", () => {
  const holes = without(candles, (m) => (m >= 100 && m < 107) || m === 200 || m === 1439);
  const found = compareMinutes(ticks, holes);
  const quiet = candles.trades.filter((count) => count === 0).length;
  expect(found.ticks.missingMinutes).toBe(quiet);
  expect(found.candles.missingMinutes).toBeGreaterThanOrEqual(9);
  expect(found.candles.longestGapMinutes).toBeGreaterThanOrEqual(7);
  expect(found.tradedWithoutCandle).toBe(
    [100, 101, 102, 103, 104, 105, 106, 200, 1439].filter((m) => candles.trades[m]! > 0).length,
  );
  expect(found.comparedMinutes + found.candles.missingMinutes).toBe(1440);
  expect(found.candles.pointsPerMinute).toBe(1);
});

test("trades that arrive after midnight, or before it by a clock that is behind, count for the minute they were made in", async () => {
  const market = { exchange: "binance", symbol: "BTCUSDT" };
  const made = [-0.5, 0.5, 86_399.5, 86_400.5].map(atSecond);
  const arrived = [-1, -0.5, 86_400.2, 86_401].map(atSecond);
  await storeTrades(store, market, {
    timestampUs: Float64Array.from(made),
    localTimestampUs: Float64Array.from(arrived),
    side: Int8Array.of(1, 1, 1, 1),
    price: Float64Array.of(1, 2, 3, 4),
    amount: Float64Array.of(1, 1, 1, 1),
  });
  const { columns } = await compareSources(store, { ...REQUEST, ticks: market });
  expect(columns.ticks.close[0]).toBe(2);
  expect(columns.ticks.close[1439]).toBe(3);
  expect(columns.ticks.trades.reduce((sum, count) => sum + count, 0)).toBe(2);
});

test("an inverse contract's amounts become base coin", async () => {
  const market = { exchange: "bitmex", symbol: "XBTUSD" };
  await storeTrades(store, market, {
    timestampUs: Float64Array.of(atSecond(1)),
    localTimestampUs: Float64Array.of(atSecond(1)),
    side: Int8Array.of(1),
    price: Float64Array.of(50_000),
    amount: Float64Array.of(100),
  });
  const { columns } = await compareSources(store, { ...REQUEST, ticks: market });
  expect(columns.ticks.volume[0]).toBe(0.002);
});

test("contracts become base coin by what one of them is", async () => {
  const market = { exchange: "okex-swap", symbol: "BTC-USDT-SWAP" };
  await storeTrades(store, market, {
    timestampUs: Float64Array.of(atSecond(1)),
    localTimestampUs: Float64Array.of(atSecond(1)),
    side: Int8Array.of(1),
    price: Float64Array.of(50_000),
    amount: Float64Array.of(5),
  });
  const { columns } = await compareSources(store, { ...REQUEST, ticks: market });
  expect(columns.ticks.volume[0]).toBe(0.05);
});

test("nothing on one side, one candle, or a price that never moved: said so, never thrown", async () => {
  const nothing = await compareSources(store, {
    ...REQUEST,
    candles: { exchange: "nowhere", symbol: "BTC" },
  });
  expect(nothing.comparedMinutes).toBe(0);
  expect(nothing.pointsRatio).toBeNaN();
  expect(nothing.close.median).toBeNaN();
  expect(nothing.correlation).toBeNaN();
  expect(nothing.candles).toMatchObject({ points: 0, missingMinutes: 1440, gaps: 1 });
  expect(nothing.shortfalls[0]).toMatchObject({ has: 0, needs: 30 });

  const one = compareMinutes(
    ticks,
    without(candles, (m) => m !== 700),
  );
  expect(one.comparedMinutes).toBe(1);
  expect(one.close.largest).toBe(0);
  expect([one.correlation, one.trackingErrorBps, one.lagMinutes]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
  ]);

  const flat = compareMinutes(
    ticks,
    changed(candles, (column) => column.map((x) => x && 5)),
  );
  expect(flat.correlation).toBeNaN();
  expect(flat.trackingErrorBps).toBeGreaterThan(0);
  expect(flat.shortfalls[0]!.what).toBe("minutes in which the price of the candles moved");
});

test("printed digits are those of the column, not of one value that ends in zeros", () => {
  expect(printedDecimals(Float64Array.of(13788, 13788.5, 1e5))).toBe(1);
  expect(printedDecimals(Float64Array.of(1, 2, Number.NaN))).toBe(0);
  expect(printedDecimals(Float64Array.of(1e-7, 0.25))).toBe(7);
  expect(printedDecimals(Float64Array.of(0.1 + 0.2))).toBe(8);
  const rounded = changed(candles, (column) => column.map((x) => Math.round(x * 10) / 10));
  const found = compareMinutes(ticks, rounded);
  expect(found.close.equalShare).toBe(1);
  expect(found.volume.equalShare).toBe(1);
});

test("each coin is compared with the other exchange's symbol of it, and without candles that is said", async () => {
  const market = { exchange: "binance", symbols: ["BTCUSDT"], days: [DATE] };
  for (const named of [{}, { candles: "coinbase" }]) {
    const found = await compareWithCandles(store, { ...market, ...named });
    expect(found).toMatchObject([{ candles: MARKET, isSameMarket: false }]);
  }
  const missing = { kind: "shortfall", has: 0, needs: 1 };
  expect(await compareWithCandles(store, { ...market, symbols: ["ETHUSDT"] })).toMatchObject(
    missing,
  );
  expect(await compareWithCandles(store, { ...market, candles: "bitfinex" })).toMatchObject(
    missing,
  );
});

describe.skipIf(!hasCaptures)("real captures", () => {
  test("a book is known from its snapshot until a minute after its last change", async () => {
    const name = "coinbase/incremental_book_L2/2018/04/17/BTC-USD";
    const book = captureBookChanges(name);
    const date = "2018-04-17";
    const key = { ...MARKET, type: "incremental_book_L2", date } as const;
    await writePartition(store, key, async ({ append }) => {
      const { timestampUs, localTimestampUs, isSnapshot, side, price, amount } = book;
      append([timestampUs, localTimestampUs, isSnapshot, side, price, amount], price.length);
      const source = { kind: "file", path: "x", bytes: 1, sha256: "0".repeat(64) } as const;
      return { source, rejected: {} };
    });
    const made = captureTrades("coinbase/trades/2018/04/17/BTC-USD");
    await storeTrades(store, MARKET, made);
    const found = await compareSources(store, { ...REQUEST, days: [date] });
    const firstSnapshot = book.isSnapshot.indexOf(1);
    const seconds =
      (book.localTimestampUs.at(-1)! - book.localTimestampUs[firstSnapshot]!) / 1e6 + 60;
    expect(found.ticks.bookCoverage * 86_400).toBeCloseTo(seconds, 0);
    expect(found.ticks.trades).toBe(made.price.length);
    const states = new Set(book.localTimestampUs.subarray(firstSnapshot)).size;
    expect(found.ticks.bookStates).toBe(states);
    expect(found.candles.bookCoverage).toBe(0);
  });
});

describe.skipIf(!hasCandles)("real candles", () => {
  test("Bitfinex January 2018: every missing minute of the month is counted", async () => {
    const market = { exchange: "bitfinex", symbol: "BTCUSD" };
    const days = Array.from({ length: 31 }, (_, d) => `2018-01-${String(d + 1).padStart(2, "0")}`);
    await importCandles(store, FILE, { ...market, days });
    const { rows } = await query(
      store,
      `SELECT 31 * 1440 - count(DISTINCT bar_start_us) FROM candles WHERE exchange = 'bitfinex'`,
    );
    const found = await compareSources(store, { ticks: market, candles: market, days });
    expect(found.candles.missingMinutes).toBe(Number(rows[0]![0]));
    expect(found.candles.missingMinutes).toBeGreaterThan(0);
    expect(found.ticks.missingMinutes).toBe(31 * 1440);
  });
});
