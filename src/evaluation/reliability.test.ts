import fc from "fast-check";
import { expect, test } from "vitest";
import { blockBootstrap } from "../core/block-bootstrap.js";
import { seededRandom } from "../core/random.js";
import { mean } from "../core/statistics.js";
import { MINUTE_US } from "../core/time.js";
import { calibrationError } from "./calibration-error.js";
import { reliabilityBins, reliabilityCurve } from "./reliability.js";

const OPTIONS = { blockUs: 10 * MINUTE_US, barUs: MINUTE_US, seed: 1 };

type Curve = ReturnType<typeof reliabilityCurve>;

/** All rows of one symbol, a minute apart. */
function curveOf(
  p: readonly number[],
  y: readonly number[],
  {
    horizonBars = 1,
    ...options
  }: { readonly horizonBars?: number; readonly blockUs?: number } = {},
): Curve {
  const dataset = {
    outcome: Float32Array.from(y),
    barEndUs: Float64Array.from(y, (_, i) => (i + 1) * MINUTE_US),
    horizonBars,
  };
  const predicted = { rows: Uint32Array.from(y.keys()), probability: Float64Array.from(p) };
  return reliabilityCurve(dataset, predicted, { ...OPTIONS, ...options });
}

/** A calibrated model and what came. */
function calibrated(rows: number, seed: number): { readonly p: number[]; readonly y: number[] } {
  const random = seededRandom(seed, "reliability test");
  const p = Array.from({ length: rows }, () => 0.3 + 0.4 * random.uniform());
  return { p, y: p.map((value) => Number(random.uniform() < value)) };
}

test("the curve has the bins of all rows, whatever the order of rows", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.constantFrom(0, 0.5, 1))),
      (rows) => {
        const p = rows.map(([tenths]) => (1 + tenths) / 10);
        const y = rows.map(([, outcome]) => outcome);
        const curve = curveOf(p, y);
        expect(
          curve.map(({ rows: n, meanProbability, upRate }) => ({
            rows: n,
            meanProbability,
            upRate,
          })),
        ).toEqual(reliabilityBins(p, y));
      },
    ),
    { seed: 3, numRuns: 50 },
  );
});

test("beside a large group of equal probabilities all bins hold as much as each other", () => {
  const sizes = (p: readonly number[], bins = 10): readonly number[] =>
    reliabilityBins(
      p,
      p.map(() => 1),
      { bins },
    ).map(({ rows }) => rows);
  const rising = (count: number, from: number): number[] =>
    Array.from({ length: count }, (_, i) => from + (0.3 * i) / count);
  expect(sizes([...new Array(600).fill(0.1), ...rising(400, 0.2)])).toEqual([
    600, 100, 100, 100, 100,
  ]);
  // A group that ends shortly before an end leaves no bin of one row.
  expect(sizes([...new Array(699).fill(0.1), ...rising(301, 0.2)])).toEqual([699, 75, 76, 75, 75]);
  expect(sizes([...rising(250, 0.2), ...new Array(300).fill(0.6), ...rising(450, 0.65)])).toEqual([
    100, 100, 350, 90, 90, 90, 90, 90,
  ]);
  expect(sizes(rising(1003, 0.2)).every((rows) => rows === 100 || rows === 101)).toBe(true);
  expect(sizes(rising(4, 0.2))).toEqual([1, 1, 1, 1]);
  expect(sizes(new Array(50).fill(0.5))).toEqual([50]);
});

test("bins never split equal probabilities, and the calibration error is that of a plain computation on them", () => {
  const row = fc.tuple(fc.integer({ min: 1, max: 39 }), fc.constantFrom(0, 0.5, 1));
  const rows = fc.array(row, { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 12 }), (drawn, bins) => {
      // Some probabilities are drawn far more often than others.
      const p = drawn.map(([k]) => Math.min(k, 20) / 40);
      const y = drawn.map(([, outcome]) => outcome);
      const found = reliabilityBins(p, y, { bins });
      expect(found.length).toBeLessThanOrEqual(bins);
      expect(found.reduce((sum, bin) => sum + bin.rows, 0)).toBe(p.length);
      const sorted = [...p.keys()].sort((a, b) => p[a]! - p[b]!);
      let begin = 0;
      let error = 0;
      for (const { rows: size } of found) {
        const members = sorted.slice(begin, begin + size);
        begin += size;
        const after = sorted[begin];
        if (after !== undefined) expect(p[after]).toBeGreaterThan(p[members.at(-1)!]!);
        const gap = mean(members.map((i) => p[i]!)) - mean(members.map((i) => y[i]!));
        error += (size / p.length) * Math.abs(gap);
        // No bin is larger than its even share but for the group that fills it up.
        const last = members.filter((i) => p[i] === p[members.at(-1)!]).length;
        expect(size - last).toBeLessThan(p.length / bins + 0.5);
      }
      expect(calibrationError(p, y, { bins })).toBeCloseTo(error, 12);
    }),
    { seed: 5, numRuns: 300 },
  );
});

test("a bin's interval is that of the mean outcome of its rows over blocks of time", () => {
  const { p, y } = calibrated(1000, 4);
  const isLow = p.map((value) => value < 0.5);
  // One probability a half, so that two bins are those halves.
  const curve = curveOf(
    isLow.map((low) => (low ? 0.4 : 0.6)),
    y,
  );
  expect(curve).toHaveLength(2);
  for (const [k, low] of [true, false].entries()) {
    const { found } = blockBootstrap(
      Float64Array.from(y, (_, i) => (i + 1) * MINUTE_US),
      (rows) => ({ found: mean([...rows].filter((i) => isLow[i] === low).map((i) => y[i]!)) }),
      OPTIONS,
    );
    const { lower, upper, standardError } = curve[k]!;
    expect(lower).toBeCloseTo(found.lower, 12);
    expect(upper).toBeCloseTo(found.upper, 12);
    expect(standardError).toBeCloseTo(found.standardError, 12);
  }
});

test("where rows are independent a bin rests on about all of its rows, and on a tenth where each outcome comes ten times", () => {
  const { p, y } = calibrated(4000, 5);
  for (const bin of curveOf(p, y)) {
    const { rows, upRate, standardError, effectiveRows } = bin;
    expect(standardError / Math.sqrt((upRate * (1 - upRate)) / rows)).toBeGreaterThan(0.7);
    expect(effectiveRows).toBeGreaterThan(0.5 * rows);
    expect(effectiveRows).toBeLessThanOrEqual(rows);
  }
  const tenfold = (values: readonly number[]): number[] =>
    values.slice(0, 400).flatMap((value) => new Array<number>(10).fill(value));
  for (const { rows, effectiveRows } of curveOf(tenfold(p), tenfold(y), {
    blockUs: 50 * MINUTE_US,
  })) {
    expect(effectiveRows).toBeLessThan(0.25 * rows);
    expect(effectiveRows).toBeGreaterThan(0.04 * rows);
  }
  for (const { rows, effectiveRows } of curveOf(p, y, { horizonBars: 20 })) {
    expect(effectiveRows).toBeLessThanOrEqual(rows / 20);
  }
});

test("the diagonal of a calibrated model lies within about 19 of 20 intervals", () => {
  let within = 0;
  let bins = 0;
  for (let seed = 0; seed < 30; seed++) {
    const { p, y } = calibrated(2000, 100 + seed);
    for (const { meanProbability, lower, upper } of curveOf(p, y)) {
      bins += 1;
      within += Number(lower <= meanProbability && meanProbability <= upper);
    }
  }
  expect(within / bins).toBeGreaterThan(0.9);
  expect(within / bins).toBeLessThan(0.985);
});

test("a bin whose rows all lie in one block has no interval, since some resamples lack it", () => {
  const p = Array.from({ length: 200 }, (_, i) => (i < 5 ? 0.7 : 0.5));
  const y = p.map((_, i) => i % 2);
  const [most, few] = curveOf(p, y);
  expect(most!.lower).toBeLessThan(most!.upRate);
  expect(few).toMatchObject({ rows: 5, lower: Number.NaN, upper: Number.NaN, effectiveRows: 0 });
  expect(curveOf([], [])).toEqual([]);
});
