import { expect, test } from "vitest";
import { mean, normalCdf, quantile, standardDeviation } from "./statistics.js";

test("normalCdf equals tabulated values of the standard normal (Abramowitz & Stegun, table 26.1)", () => {
  expect(normalCdf(0)).toBe(0.5);
  expect(normalCdf(1)).toBeCloseTo(0.841344746068543, 14);
  expect(normalCdf(-1.96)).toBeCloseTo(0.024997895148220435, 14);
  expect(normalCdf(3)).toBeCloseTo(0.9986501019683699, 14);
  expect(normalCdf(-9)).toBe(0);
  expect(normalCdf(Number.NaN)).toBeNaN();
  expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
});

test("normalCdf is symmetric: Φ(x) + Φ(−x) = 1", () => {
  for (let x = -8.5; x <= 8.5; x += 0.25) expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 13);
});

test("quantile interpolates as R's type 7 does", () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([4, 1, 3, 2], 0)).toBe(1);
  expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  expect(quantile([10, 20, 30], 0.25)).toBe(15);
  expect(quantile([], 0.5)).toBeNaN();
});

test("mean and standard deviation of 2, 4, 4, 4, 5, 5, 7, 9 are 5 and the root of 32/7", () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  expect(mean(values)).toBe(5);
  expect(standardDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 14);
  expect(standardDeviation([1])).toBeNaN();
});
