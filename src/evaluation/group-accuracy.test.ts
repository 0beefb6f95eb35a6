import { expect, test } from "vitest";
import { dayStartUs, HOUR_US, MINUTE_US } from "../core/time.js";
import type { Dataset } from "../dataset/matrix.js";
import { testDataset } from "../training/test-dataset.js";
import { accuracy, majorityRate } from "./accuracy.js";
import {
  accuracyByHour,
  accuracyByMonth,
  accuracyByRegime,
  accuracyBySymbol,
  type GroupAccuracy,
} from "./group-accuracy.js";

/** Two symbols of 1,200 bars each, from three hours before a month's end. */
const BARS = 1200;
const START_US = dayStartUs("2024-03-01") - 3 * HOUR_US;
const plain = testDataset(BARS, (first) => (first.at(-1)! > 0 ? 0.8 : 0.3));
const dataset: Dataset = {
  ...plain,
  barEndUs: plain.barEndUs.map((end) => START_US + end),
};
/** Every second row was predicted, by the first input. */
const rows = Uint32Array.from({ length: BARS }, (_, i) => 2 * i);
const predicted = {
  rows,
  probability: Float64Array.from(rows, (row) => (dataset.inputs[3 * row]! > 0 ? 0.8 : 0.3)),
};
const OPTIONS = { blockUs: 8 * MINUTE_US, barUs: MINUTE_US, seed: 1 };

/** What a group of rows must say, by the plain metrics. */
function expectGroup(found: GroupAccuracy, isIn: (row: number) => boolean): void {
  const own = [...rows.keys()].filter((i) => isIn(rows[i]!));
  const p = own.map((i) => predicted.probability[i]!);
  const y = own.map((i) => dataset.outcome[rows[i]!]!);
  expect(found.rows).toBe(own.length);
  expect(found.accuracy.estimate).toBeCloseTo(accuracy(p, y), 12);
  expect(found.majorityRate).toBeCloseTo(majorityRate(y), 12);
  if (own.length < 20) return;
  expect(found.accuracy.lower).toBeLessThan(found.accuracy.estimate);
  expect(found.accuracy.upper).toBeGreaterThan(found.accuracy.estimate);
  expect(found.accuracy.effectiveRows).toBeGreaterThan(own.length / 4);
  expect(found.accuracy.effectiveRows).toBeLessThanOrEqual(own.length);
}

test("by symbol, each beside its own base rate", () => {
  const groups = accuracyBySymbol(dataset, predicted, OPTIONS);
  expect(groups.map(({ group }) => group)).toEqual(["BTCUSDT", "ETHUSDT"]);
  groups.forEach((found, s) => {
    expectGroup(found, (row) => dataset.symbolIndex[row] === s);
  });
});

test("where the truth is known each symbol has its own ceiling, by the sides that it calls", () => {
  const oracleUp = Float64Array.from(dataset.barEndUs, (_, row) => (row % 5) / 8 + 0.2);
  const attainableUp = oracleUp.map((up, row) => (row % 7 === 0 ? 1 - up : up));
  const truth = { oracleUp, attainableUp };
  const groups = accuracyBySymbol(dataset, predicted, { ...OPTIONS, truth });
  groups.forEach(({ byTruth }, s) => {
    const own = [...rows].filter((row) => dataset.symbolIndex[row] === s);
    const of = (upAt: (row: number) => number): number => {
      const sides = own.map((row) => (upAt(row) > 0.5 ? oracleUp[row]! : 1 - oracleUp[row]!));
      return sides.reduce((sum, side) => sum + side, 0) / own.length;
    };
    const model = of((row) => predicted.probability[[...rows].indexOf(row)]!);
    expect(byTruth!.model).toBeCloseTo(model, 12);
    expect(byTruth!.attainable).toBeCloseTo(
      of((row) => attainableUp[row]!),
      12,
    );
  });
  expect(accuracyBySymbol(dataset, predicted, OPTIONS)[0]!.byTruth).toBeUndefined();
});

test("a group of all rows has the interval that was measured of them, and no second one", () => {
  const whole = { estimate: 0.7, lower: 0.6, upper: 0.8, standardError: 0.05, effectiveRows: 50 };
  const own = Uint32Array.from(rows.filter((row) => dataset.symbolIndex[row] === 0));
  const one = { rows: own, probability: predicted.probability.slice(0, own.length) };
  const [alone, none] = accuracyBySymbol(dataset, one, { ...OPTIONS, whole });
  expect(alone).toMatchObject({ rows: own.length, accuracy: whole });
  expect(none).toMatchObject({ rows: 0, accuracy: { estimate: Number.NaN } });
  const [part] = accuracyBySymbol(dataset, predicted, { ...OPTIONS, whole });
  expect(part).toEqual(accuracyBySymbol(dataset, predicted, OPTIONS)[0]);
});

test("by hour, in which the bar began; hours without rows have no accuracy", () => {
  const missing = { estimate: Number.NaN, lower: Number.NaN, effectiveRows: 0 };
  const groups = accuracyByHour(dataset, predicted, OPTIONS);
  expect(groups).toHaveLength(24);
  groups.forEach((found, hour) => {
    const hourOf = (row: number) => new Date((START_US + (row % BARS) * MINUTE_US) / 1000);
    const isIn = (row: number): boolean => hourOf(row).getUTCHours() === hour;
    if (hour > 16 && hour < 21) expect(found).toMatchObject({ rows: 0, accuracy: missing });
    else expectGroup(found, isIn);
  });
  // Twenty hours from 21:00: the last bar ends at 17:00 and belongs to 16.
  expect(groups.map((group) => group.rows).slice(16, 22)).toEqual([60, 0, 0, 0, 0, 60]);
});

test("by month, in which the bar began, in order", () => {
  const groups = accuracyByMonth(dataset, predicted, OPTIONS);
  expect(groups.map(({ group }) => group)).toEqual(["2024-02", "2024-03"]);
  expectGroup(groups[0]!, (row) => row % BARS < 180);
  expectGroup(groups[1]!, (row) => row % BARS >= 180);
});

test("by regime of volatility, rows of none apart", () => {
  const regimeOf = (row: number): number => (row % BARS < 100 ? 3 : row % 3);
  const width = 4;
  const inputs = new Float32Array(width * dataset.rows);
  for (let row = 0; row < dataset.rows; row++) {
    const regime = regimeOf(row);
    for (let k = 0; k < 3; k++) {
      inputs[width * row + 1 + k] = regime === 3 ? Number.NaN : Number(regime === k);
    }
  }
  const featureNames = ["tfi", "vol_regime_low", "vol_regime_normal", "vol_regime_high"];
  const withRegimes = { ...dataset, inputs, featureNames };
  const { groups, reason } = accuracyByRegime(withRegimes, predicted, OPTIONS);
  expect(reason).toBeUndefined();
  expect(groups.map(({ group }) => group)).toEqual(["low", "normal", "high", "unknown"]);
  groups.forEach((found, k) => {
    expectGroup(found, (row) => regimeOf(row) === k);
  });
  const known = rows.filter((row) => row % BARS >= 100);
  const probability = predicted.probability.filter((_, i) => rows[i]! % BARS >= 100);
  const later = accuracyByRegime(withRegimes, { rows: known, probability }, OPTIONS);
  expect(later.groups.map(({ group }) => group)).toEqual(["low", "normal", "high"]);
});

test("a dataset without regimes has no such groups and says why", () => {
  expect(accuracyByRegime(dataset, predicted, OPTIONS)).toEqual({
    groups: [],
    reason: "the dataset has no column vol_regime_low, vol_regime_normal, vol_regime_high",
  });
});
