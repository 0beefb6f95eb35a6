import { expect, test } from "vitest";
import { threeDigits } from "../quantity-text.js";
import { extremes, percent, shareOf, signChanges, times } from "./seen.js";

test("shares that are neither none nor all never read so", () => {
  const shares = [0, 0.001, 0.005, 0.62, 0.994, 0.999, 1];
  expect(shares.map(percent)).toEqual([
    "0 %",
    "under 1 %",
    "1 %",
    "62 %",
    "99 %",
    "over 99 %",
    "100 %",
  ]);
});

test("counts of times and numbers of three digits read as people say them", () => {
  expect([1, 2, 1234].map(times)).toEqual(["once", "twice", "1,234 times"]);
  expect([0.041234, 12_345, -2].map(threeDigits)).toEqual(["0.0412", "12,300", "-2"]);
});

test("a series changes sign where it passes zero, not where it rests there or is missing", () => {
  expect(signChanges([1, 0, 2, Number.NaN, 3])).toBe(0);
  expect(signChanges([1, 0, -2, Number.NaN, 3, -1])).toBe(3);
  expect(signChanges([0, Number.NaN])).toBe(0);
});

test("missing values count neither as held nor as not, and are no extremes", () => {
  const values = Float64Array.of(Number.NaN, 1, 3, Number.NaN, -2);
  expect(shareOf(values, (value) => value > 0)).toBe(2 / 3);
  expect(shareOf(Float64Array.of(Number.NaN), () => true)).toBeNaN();
  expect(extremes(values)).toEqual([-2, 3]);
  expect(extremes(Float64Array.of(Number.NaN))).toEqual([Number.NaN, Number.NaN]);
});
