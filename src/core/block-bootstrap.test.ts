import { expect, test } from "vitest";
import { hits } from "../evaluation/accuracy.js";
import { blockBootstrap, uncertainty, weightedBootstrap } from "./block-bootstrap.js";
import { effectiveRows, effectiveSampleSize } from "./effective-sample-size.js";
import { seededRandom } from "./random.js";
import { mean, standardDeviation } from "./statistics.js";
import { MINUTE_US } from "./time.js";
import { totalWeight, weightedSum } from "./weighted-sum.js";

const minutes = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => i * MINUTE_US);

const meanOf =
  (values: ArrayLike<number>) =>
  (rows: Uint32Array): { mean: number } => ({
    mean: mean(Float64Array.from(rows, (row) => values[row]!)),
  });

const weightedMeanOf =
  (values: Float64Array) =>
  (weight: Uint32Array): { mean: number } => ({
    mean: weightedSum(weight, values) / totalWeight(weight),
  });

test("95 % intervals of a mean of independent rows hold it in about 95 of 100 runs", () => {
  const random = seededRandom(11);
  let held = 0;
  const runs = 200;
  for (let run = 0; run < runs; run++) {
    const values = Float64Array.from({ length: 300 }, () => random.normal());
    const { mean: found } = blockBootstrap(minutes(300), meanOf(values), {
      blockUs: 3 * MINUTE_US,
      barUs: MINUTE_US,
      seed: run,
      replicates: 200,
    });
    held += Number(found.lower <= 0 && 0 <= found.upper);
  }
  // Binomial(200, 0.95) is within 3 standard errors (1.5 points) of 95 %; percentile intervals run a point short.
  expect(held / runs).toBeGreaterThan(0.89);
  expect(held / runs).toBeLessThan(0.99);
});

test("the standard error of overlapping sums is that of long-run variance, not of independent rows", () => {
  const random = seededRandom(12);
  const noise = Float64Array.from({ length: 6015 }, () => random.normal());
  const sums = Float64Array.from({ length: 6000 }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < 15; k++) sum += noise[i + k]!;
    return sum;
  });
  const { mean: found } = blockBootstrap(minutes(6000), meanOf(sums), {
    blockUs: 60 * MINUTE_US,
    barUs: MINUTE_US,
    seed: 1,
  });
  const truth = 15 / Math.sqrt(6000);
  expect(found.standardError / truth).toBeGreaterThan(0.75);
  expect(found.standardError / truth).toBeLessThan(1.2);
  const effective = effectiveSampleSize(sums, found.standardError, { horizonBars: 15 });
  expect(effective).toBeGreaterThan(300);
  expect(effective).toBeLessThanOrEqual(400);
});

test("symbols that move together count once", () => {
  const random = seededRandom(13);
  const one = Float64Array.from({ length: 1000 }, () => random.normal());
  const times = Float64Array.from({ length: 3000 }, (_, i) => (i % 1000) * MINUTE_US);
  const tripled = Float64Array.from({ length: 3000 }, (_, i) => one[i % 1000]!);
  const options = { blockUs: 5 * MINUTE_US, barUs: MINUTE_US, seed: 2 };
  const three = blockBootstrap(times, meanOf(tripled), options).mean;
  const single = blockBootstrap(minutes(1000), meanOf(one), options).mean;
  expect(three.standardError).toBeCloseTo(single.standardError, 10);
});

test("the same seed gives the same bits", () => {
  const values = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i));
  const options = { blockUs: 10 * MINUTE_US, barUs: MINUTE_US, seed: 3 };
  const first = blockBootstrap(minutes(100), meanOf(values), options);
  expect(blockBootstrap(minutes(100), meanOf(values), options)).toEqual(first);
});

test("without rows, or with a missing figure, the interval is missing", () => {
  const options = { blockUs: MINUTE_US, barUs: MINUTE_US, seed: 4 };
  const empty = blockBootstrap(new Float64Array(0), meanOf([]), options).mean;
  const missing = blockBootstrap(minutes(5), () => ({ mean: Number.NaN }), options).mean;
  for (const found of [empty, missing]) {
    expect([found.estimate, found.lower, found.upper, found.standardError]).toEqual(
      new Array(4).fill(Number.NaN),
    );
  }
  expect(effectiveSampleSize([1, 2], Number.NaN, { horizonBars: 1 })).toBe(0);
});

test("weights give the intervals that copied rows give", () => {
  const random = seededRandom(14);
  const values = Float64Array.from({ length: 400 }, () => random.normal());
  const times = Float64Array.from(values, (_, i) => (i % 200) * MINUTE_US);
  const options = { blockUs: 7 * MINUTE_US, barUs: MINUTE_US, seed: 5 };
  const copied = blockBootstrap(times, meanOf(values), options).mean;
  const weighted = { ...options, horizonBars: 1 };
  const { effectiveRows: _, ...found } = weightedBootstrap(
    times,
    weightedMeanOf(values),
    weighted,
  ).mean;
  for (const key of Object.keys(copied) as (keyof typeof copied)[]) {
    expect(found[key]).toBeCloseTo(copied[key], 12);
  }
});

test("for the mean of hits effective rows are what the formula of its variance says", () => {
  const random = seededRandom(15);
  // Outcomes of 5 bars that overlap, each called by a coin.
  const moves = Float64Array.from({ length: 4004 }, () => random.normal());
  const outcome = Float64Array.from({ length: 4000 }, (_, i) =>
    Number(moves[i]! + moves[i + 1]! + moves[i + 2]! + moves[i + 3]! + moves[i + 4]! > 0),
  );
  const right = hits(new Float64Array(4000).fill(0.6), outcome);
  const options = { blockUs: 60 * MINUTE_US, barUs: MINUTE_US, seed: 6, horizonBars: 2 };
  const many = { ...options, replicates: 1000 };
  const { mean: found } = weightedBootstrap(minutes(4000), weightedMeanOf(right), many);
  const formula = effectiveSampleSize(right, found.standardError, { horizonBars: 2 });
  expect(formula).toBeLessThan(1600);
  // 500 resamples of rows know their standard error to 3 %, so its square to 6 %.
  expect(Math.abs(found.effectiveRows / formula - 1)).toBeLessThan(0.15);
});

test("independent rows count whole, never more than labels that do not overlap, and nothing when unknown", () => {
  const errors = { rowError: 0.01, blockError: 0.01, horizonBars: 1 };
  expect(effectiveRows(900, errors)).toBe(900);
  expect(effectiveRows(900, { ...errors, blockError: 0.03 })).toBeCloseTo(100, 9);
  expect(effectiveRows(900, { ...errors, blockError: 0.001, horizonBars: 15 })).toBe(60);
  expect(effectiveRows(900, { rowError: 0, blockError: 0, horizonBars: 15 })).toBe(60);
  // Rounding is no scatter.
  expect(effectiveRows(900, { ...errors, rowError: 1e-17, blockError: 3e-17 })).toBe(900);
  expect(effectiveRows(900, { ...errors, blockError: 0 })).toBe(0);
  expect(effectiveRows(900, { ...errors, rowError: Number.NaN })).toBe(0);
  expect(effectiveRows(900, { ...errors, blockError: Number.NaN })).toBe(0);
});

test("rows of fewer than three blocks tell no interval, no error and no independent row", () => {
  const random = seededRandom(16);
  const values = Float64Array.from({ length: 300 }, () => random.normal());
  const found = (blockBars: number) =>
    weightedBootstrap(minutes(300), weightedMeanOf(values), {
      ...{ blockUs: blockBars * MINUTE_US, barUs: MINUTE_US, seed: 7, horizonBars: 1 },
    }).mean;
  for (const blockBars of [101, 300, 480]) {
    const { estimate, ...rest } = found(blockBars);
    expect(estimate).toBeCloseTo(mean(values), 12);
    const unknown = { lower: Number.NaN, upper: Number.NaN, standardError: Number.NaN };
    expect(rest).toEqual({ ...unknown, effectiveRows: 0 });
  }
  const three = found(100);
  expect(three.lower).toBeLessThan(three.upper);
  expect(three.effectiveRows).toBeGreaterThan(0);
});

test("few blocks are widened about the mean of the resamples, and no end lies beyond what a figure can be", () => {
  const draws = Float64Array.from({ length: 39 }, (_, i) => 0.9 + 0.002 * i);
  const widening = { standardError: 2, interval: 3 };
  const { lower, upper, standardError } = uncertainty(0.93, draws, { widening });
  // Of 39 draws the first and the last are the ends that a fortieth lies beyond with 2.5 % each.
  expect(lower).toBeCloseTo(0.938 - 3 * 0.038, 12);
  expect(upper).toBeCloseTo(0.938 + 3 * 0.038, 12);
  expect(standardError).toBeCloseTo(2 * standardDeviation(draws), 12);
  const ratio = uncertainty(0.93, draws, { widening, range: [0, 1] });
  expect([ratio.lower, ratio.upper]).toEqual([lower, 1]);
});

test("a block shorter than a bar is refused", () => {
  const options = { blockUs: 1, barUs: MINUTE_US, seed: 1 };
  expect(() => blockBootstrap([0], () => ({ x: 1 }), options)).toThrow(/at least one bar/);
});
