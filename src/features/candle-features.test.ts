import { afterEach, beforeEach, expect, test } from "vitest";
import {
  candlesOf,
  DATE,
  freshStore,
  randomTrades,
  START_US,
  storeCandles,
  without,
} from "../audit/sources/test-sources.js";
import { DAY_US, dateOf, MINUTE_US } from "../core/time.js";
import type { Store } from "../store/store.js";
import { CANDLE_FEATURES, candleFeatures } from "./candle-features.js";
import { FEATURES, NO_TRADE_BIT } from "./catalogue.js";
import { createFeatureEngine } from "./engine.js";
import type { FeatureRow } from "./feature-rows.js";
import { featureRows } from "./test-market.js";

const KEY = { exchange: "coinbase", symbol: "BTC-USD" };
const RANGE = { ...KEY, days: [DATE], barUs: MINUTE_US };
const trades = randomTrades(25_000, { lateUs: 1 });
const candles = candlesOf(trades);

let store: Store;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ store, remove } = await freshStore());
});
afterEach(() => remove());

test("candles made from trades give the same bits as the trades in every feature that both can give", async () => {
  await storeCandles(store, { ...KEY, date: DATE }, candles);
  const found = await candleFeatures(store, RANGE);
  const expected = await featureRows({ trades }, { barUs: MINUTE_US });
  expect(CANDLE_FEATURES).toHaveLength(FEATURES.filter(({ number }) => number <= 33).length);
  expect([...found.barEndUs]).toEqual(expected.map(({ barEndUs }) => barEndUs));
  for (const name of CANDLE_FEATURES) {
    const place = FEATURES.findIndex((feature) => feature.name === name);
    const values = expected.map((row) => row.values[place]!);
    expect([name, ...found.values[name]!]).toEqual([name, ...values]);
  }
});

test("what only trades and book can tell is missing, and so is no bar", async () => {
  const rows: FeatureRow[] = [];
  const engine = createFeatureEngine((row) => rows.push(row));
  for (let m = 0; m < 1440; m++) {
    if (m >= 100 && m < 110) continue;
    const candle = { open: 10, high: 12, low: 9, close: 11, volume: 3 };
    engine.onCandle(START_US + m * MINUTE_US, candle);
  }
  engine.finish();
  expect(rows).toHaveLength(1440);
  const isUntraded = ({ valid }: FeatureRow): boolean =>
    (valid >> BigInt(NO_TRADE_BIT)) % 2n === 1n;
  expect(rows.filter(isUntraded).map(({ barEndUs }) => (barEndUs - START_US) / MINUTE_US)).toEqual(
    Array.from({ length: 10 }, (_, i) => 101 + i),
  );
  const ticksOnly = FEATURES.flatMap(({ number }, i) => (number > 33 ? [i] : []));
  expect(ticksOnly.length).toBeGreaterThan(10);
  for (const { values } of rows) {
    expect(ticksOnly.filter((i) => !Number.isNaN(values[i]!))).toEqual([]);
  }
});

test("longer bars are made of their minutes; shorter ones are refused", async () => {
  await storeCandles(store, { ...KEY, date: DATE }, candles);
  const found = await candleFeatures(store, { ...RANGE, barUs: 15 * MINUTE_US });
  const expected = await featureRows({ trades }, { barUs: 15 * MINUTE_US });
  for (const name of ["open", "high", "low", "close"]) {
    const place = FEATURES.findIndex((feature) => feature.name === name);
    expect([...found.values[name]!]).toEqual(expected.map((row) => row.values[place]!));
  }
  expect(found.values["volume"]![3]).toBeCloseTo(expected[3]!.values[4]!, 9);
  await expect(candleFeatures(store, { ...RANGE, barUs: 1e6 })).rejects.toThrow(/whole minutes/);
});

test("a day without candles ends the stream; a lost minute carries the close and nothing else", async () => {
  const holey = without(candles, (m) => m === 200);
  await storeCandles(store, { ...KEY, date: DATE }, holey);
  const days = [0, 1, 2].map((d) => dateOf(START_US + d * DAY_US));
  const later = { ...candles, startUs: START_US + 2 * DAY_US };
  await storeCandles(store, { ...KEY, date: days[2]! }, later);
  const { barEndUs, values } = await candleFeatures(store, { ...RANGE, days });
  expect(barEndUs).toHaveLength(2880);
  expect(values["close"]![200]).toBe(candles.close[199]);
  expect(values["volume"]![200]).toBe(0);
  expect(values["log_ret_5"]![1440]).toBeNaN();
  const none = await candleFeatures(store, { ...RANGE, symbol: "ETH-USD" });
  expect(none.barEndUs).toHaveLength(0);
});
