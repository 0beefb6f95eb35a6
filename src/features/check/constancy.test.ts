import { expect, test } from "vitest";
import { FEATURES } from "../catalogue.js";
import type { FeatureEntry } from "../feature.js";
import { constancy, constancyComplaints, hasMoved } from "./constancy.js";
import { rankCodes } from "./rank-codes.js";

const entry = (name: string): FeatureEntry => FEATURES.find((feature) => feature.name === name)!;

/** Complaints of a column whose price moved or stood still. */
function complaints(name: string, column: Float64Array, hasMoved = true): readonly string[] {
  const found = constancy(column, rankCodes(column));
  const values = column.filter((value) => !Number.isNaN(value)).length;
  return constancyComplaints(
    { ...entry("tfi"), ...entry(name), name },
    { values, hasMoved },
    found,
  ).map(({ severity, message }) => `${severity}: ${message}`);
}

const mostly = (common: number, others: number): Float64Array =>
  Float64Array.from({ length: 1000 }, (_, i) => (i < others ? i : common));

test("the most common value is counted among the values that are there", () => {
  const column = Float64Array.of(5, Number.NaN, 7, 5, 9, Number.NaN);
  expect(constancy(column, rankCodes(column))).toEqual({
    distinct: 3,
    commonValue: 5,
    commonShare: 0.5,
  });
  const none = Float64Array.of(Number.NaN);
  expect(constancy(none, rankCodes(none))).toEqual({
    distinct: 0,
    commonValue: Number.NaN,
    commonShare: Number.NaN,
  });
});

test("one value only is a fault where the price moved, and to be looked at where it stood still", () => {
  expect(complaints("tfi", mostly(0.5, 0))).toEqual([
    "fault: is 0.5 in all its 1,000 values, though the price moved",
  ]);
  expect(complaints("tfi", mostly(0.5, 0), false)).toEqual([
    "review: is 0.5 in all its 1,000 values; the price stood still too",
  ]);
});

test("more than 99 % of one value is to be looked at, 99 % is not", () => {
  expect(complaints("tfi", mostly(-1, 9))).toEqual(["review: is -1 in 99.1 % of its 1,000 values"]);
  expect(complaints("tfi", mostly(-1, 10))).toEqual([]);
});

test("regimes, the clock and a handful of values may rest", () => {
  expect(complaints("vol_regime_high", mostly(0, 0))).toEqual([]);
  expect(complaints("hour_sin", mostly(0, 0))).toEqual([]);
  expect(complaints("tfi", new Float64Array(99).fill(1))).toEqual([]);
  expect(complaints("tfi", new Float64Array(1000).fill(Number.NaN))).toEqual([]);
});

test("a price has moved when it takes two values in the rows of the feature", () => {
  const price = rankCodes(Float64Array.of(1, 1, 2, Number.NaN));
  const codes = (...values: number[]): ReturnType<typeof rankCodes> =>
    rankCodes(Float64Array.from(values));
  expect(hasMoved(price, codes(4, Number.NaN, 4, 4))).toBe(true);
  expect(hasMoved(price, codes(4, 4, Number.NaN, 4))).toBe(false);
});
