import fc from "fast-check";
import { expect, test } from "vitest";
import { binOf, stabilityIndex } from "./population-stability.js";
import { seededRandom } from "./random.js";

const counts = fc
  .array(fc.integer({ min: 0, max: 50 }), { minLength: 5, maxLength: 5 })
  .filter((list) => list.some((count) => count > 0))
  .map((list) => Float64Array.from(list));

test("a value's bin is the number of edges below it, and an edge belongs to the bin below", () => {
  const edges = Float64Array.of(9, 9, 1, 2, 2, 3);
  const bins = [0.5, 1, 1.5, 2, 2.5, 3, 4].map((value) => binOf(edges, 2, 4, value));
  expect(bins).toEqual([0, 0, 1, 1, 3, 3, 4]);
});

test("equal shares have an index of 0 but for the half rows, and it is symmetric and never negative", () => {
  const same = stabilityIndex(Float64Array.of(100, 300), Float64Array.of(10_000, 30_000), 0, 2);
  expect(same).toBeLessThan(1e-4);
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const index = stabilityIndex(a, b, 0, 5);
      expect(index).toBeGreaterThanOrEqual(0);
      expect(stabilityIndex(b, a, 0, 5)).toBeCloseTo(index, 12);
    }),
    { seed: 1 },
  );
});

test("a hand-computed example: shares of 20, 80 % against 50, 50 %", () => {
  // (0.2 − 0.5)·ln(0.2/0.5) + (0.8 − 0.5)·ln(0.8/0.5), for counts that make half rows not matter
  const expected = -0.3 * Math.log(0.4) + 0.3 * Math.log(1.6);
  const index = stabilityIndex(Float64Array.of(0, 5e8, 5e8), Float64Array.of(0, 2e8, 8e8), 1, 2);
  expect(index).toBeCloseTo(expected, 6);
});

test("without rows nothing is known", () => {
  expect(stabilityIndex(Float64Array.of(0, 0), Float64Array.of(1, 1), 0, 2)).toBeNaN();
  expect(stabilityIndex(Float64Array.of(1, 1), Float64Array.of(0, 0), 0, 2)).toBeNaN();
});

test("draws of the same distribution stay near (bins − 1)·(1/n + 1/m), the index's mean under no shift", () => {
  const random = seededRandom(7);
  const draw = (rows: number): Float64Array => {
    const bins = new Float64Array(10);
    for (let i = 0; i < rows; i++) bins[random.below(10)]!++;
    return bins;
  };
  const tries = 300;
  let sum = 0;
  for (let i = 0; i < tries; i++) sum += stabilityIndex(draw(2000), draw(1000), 0, 10);
  expect(sum / tries / (9 * (1 / 2000 + 1 / 1000))).toBeCloseTo(1, 1);
});
