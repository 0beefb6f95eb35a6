import { expect, test } from "vitest";
import { mean, standardDeviation } from "../../core/statistics.js";
import { fitLogistic, logisticLogits } from "../../models/logistic.js";
import { madeRows, WIDTH } from "./made-rows.js";

const ROWS = 20_000;
const data = madeRows(ROWS, 1);
const column = (j: number): Float64Array =>
  new Float64Array(ROWS).map((_, i) => data.inputs[i * WIDTH + j]!);
const products = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => x * b[i]!);

test("a seed makes the same rows, another one others", () => {
  const few = madeRows(50, 3);
  expect(madeRows(50, 3)).toEqual(few);
  expect(madeRows(50, 4).outcome).not.toEqual(few.outcome);
});

test("all columns are scaled; some are alike, three add up to one class, tails are heavy", () => {
  for (let j = 0; j < WIDTH; j++) {
    // Cut at ±8, a sparse column keeps less than its whole deviation.
    expect(Math.abs(mean(column(j)))).toBeLessThan(0.05);
    expect(standardDeviation(column(j))).toBeLessThan(1.001);
    expect(standardDeviation(column(j))).toBeGreaterThan(0.5);
  }
  const correlations = Array.from({ length: 29 }, (_, j) =>
    Math.abs(mean(products(column(j), column(j + 1)))),
  );
  expect(Math.max(...correlations)).toBeGreaterThan(0.5);
  for (const j of [31, 32, 33]) expect(new Set(column(j)).size).toBe(2);
  // A normal's fourth moment is 3.
  expect(mean(column(40).map((x) => x ** 4))).toBeGreaterThan(8);
});

test("the rows know a little of the outcome", async () => {
  const logits = logisticLogits(await fitLogistic(data, 1), data.inputs);
  const share = mean(logits.map((z, i) => Number(z > 0 === (data.outcome[i] === 1))));
  expect(share).toBeGreaterThan(0.53);
  expect(share).toBeLessThan(0.66);
});
