import { expect, test } from "vitest";
import { seededRandom } from "./random.js";
import { mean, standardDeviation } from "./statistics.js";

const draw = (n: number, next: () => number): Float64Array =>
  Float64Array.from({ length: n }, next);

test("the same seed and name give the same numbers, another seed or name gives others", () => {
  const first = draw(100, seededRandom(7, "a").uniform);
  expect(draw(100, seededRandom(7, "a").uniform)).toEqual(first);
  expect(draw(100, seededRandom(8, "a").uniform)).not.toEqual(first);
  expect(draw(100, seededRandom(7, "b").uniform)).not.toEqual(first);
});

test("uniform, normal, exponential and Poisson draws have their moments within five standard errors", () => {
  const n = 200_000;
  const random = seededRandom(1, "moments");
  const within = (values: Float64Array, center: number, deviation: number): void => {
    expect(Math.abs(mean(values) - center)).toBeLessThan((5 * deviation) / Math.sqrt(n));
    expect(standardDeviation(values) / deviation).toBeCloseTo(1, 1);
  };
  within(draw(n, random.uniform), 0.5, Math.sqrt(1 / 12));
  within(draw(n, random.normal), 0, 1);
  within(draw(n, random.exponential), 1, 1);
  within(
    draw(n, () => random.poisson(12)),
    12,
    Math.sqrt(12),
  );
});

test("uniform fills [0, 1) evenly: chi-square over 64 cells stays below its 99.99 % point", () => {
  const cells = new Float64Array(64);
  const random = seededRandom(3, "cells");
  for (let i = 0; i < 64_000; i++) cells[random.below(64)]! += 1;
  const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(112);
});

test("streams of different names are uncorrelated", () => {
  const n = 100_000;
  const a = draw(n, seededRandom(1, "pressure").normal);
  const b = draw(n, seededRandom(1, "volatility").normal);
  const correlation = a.reduce((sum, value, i) => sum + value * b[i]!, 0) / n;
  expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(n));
});
