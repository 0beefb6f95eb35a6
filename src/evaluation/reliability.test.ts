import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { mean } from "../core/statistics.js";
import { MINUTE_US } from "../core/time.js";
import { blockBootstrap } from "./block-bootstrap.js";
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
