import { expect, test } from "vitest";
import { MINUTE_US } from "../../core/time.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { candlesOf, filled, randomTrades, rowsOf, START_US } from "../sources/test-sources.js";
import { candleContradiction } from "./candle-contradiction.js";
import type { CandleCheckResult } from "./candle-finding.js";
import { candleOrder } from "./candle-order.js";
import { candleOutlier } from "./candle-outlier.js";

const good = filled(candlesOf(randomTrades(30_000, { seed: 2 })));

test("a slip of a digit is an outlier; a market that moves for good is none", () => {
  const slip = { ...good, high: good.high.map((x, i) => (i === 33 ? 10 * x : x)) };
  const { findings } = candleOutlier(slip, START_US, AUDIT_SETTINGS.candles);
  expect(findings).toMatchObject([{ check: "outlier", count: 1 }]);
  expect(findings[0]!.value).toBeCloseTo(Math.log(10), 1);
  expect(findings[0]!.firstUs).toBe(START_US + 33 * MINUTE_US);
  const moved = (column: Float64Array): Float64Array =>
    column.map((x, i) => (i < 500 ? x : 0.93 * x));
  const crash = {
    ...good,
    open: moved(good.open),
    high: moved(good.high),
    low: moved(good.low),
    close: moved(good.close),
  };
  expect(candleOutlier(crash, START_US, AUDIT_SETTINGS.candles).findings).toEqual([]);
});

test("candles in a row that leave the level and come back are counted, and none beside them", () => {
  for (const run of [2, 8, 20, 200]) {
    const times = (column: Float64Array, by: number): Float64Array =>
      column.map((x, i) => (i >= 600 && i < 600 + run ? by * x : x));
    const { open, high, low, close } = good;
    const wrong = {
      ...good,
      open: times(open, 10),
      high: times(high, 10),
      low: times(low, 10),
      close: times(close, 10),
    };
    const { findings } = candleOutlier(wrong, START_US, AUDIT_SETTINGS.candles);
    expect(findings).toMatchObject([{ count: run, firstUs: START_US + 600 * MINUTE_US }]);
    expect(findings[0]!.value).toBeCloseTo(Math.log(10), 1);
  }
});

test("a price of zero contradicts and is no distance; the first is the first in time, whatever the order", () => {
  const zero = { ...good, low: good.low.map((x, i) => (i === 700 ? 0 : x)) };
  expect(candleOutlier(zero, START_US, AUDIT_SETTINGS.candles).findings).toEqual([]);
  const slips = { ...good, high: good.high.map((x, i) => (i === 33 || i === 900 ? 10 * x : x)) };
  const rows = Array.from(good.close.keys());
  const mixed = rowsOf(slips, [...rows.slice(800), ...rows.slice(0, 800), 900, 33]);
  const firstOf = ({ findings }: CandleCheckResult): readonly number[] =>
    findings.map(({ firstUs }) => (firstUs - START_US) / MINUTE_US);
  expect(firstOf(candleOutlier(mixed, START_US, AUDIT_SETTINGS.candles))).toEqual([33]);
  const low = { ...mixed, low: mixed.high, high: mixed.low };
  expect(firstOf(candleContradiction(low, START_US, AUDIT_SETTINGS.candles))).toEqual([0]);
  expect(firstOf(candleOrder(mixed, START_US))).toEqual([33, 0]);
});
