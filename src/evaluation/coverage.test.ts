import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { MINUTE_US } from "../core/time.js";
import { accuracy, hits, majorityRate } from "./accuracy.js";
import { coverageCurve } from "./coverage.js";

const OPTIONS = { blockUs: 10 * MINUTE_US, barUs: MINUTE_US, seed: 1 };

/** All rows of one symbol, a minute apart. */
function curveOf(
  p: readonly number[],
  y: readonly number[],
  {
    horizonBars = 5,
    ...options
  }: {
    readonly horizonBars?: number;
    readonly coverages?: readonly number[];
    readonly replicates?: number;
    readonly blockUs?: number;
  } = {},
) {
  const dataset = {
    outcome: Float32Array.from(y),
    barEndUs: Float64Array.from(y, (_, i) => (i + 1) * MINUTE_US),
    horizonBars,
  };
  const predicted = {
    rows: Uint32Array.from(y.keys()),
    probability: Float64Array.from(p),
  };
  return coverageCurve(dataset, predicted, { ...OPTIONS, ...options });
}

test("at full coverage it is accuracy and its base rate; the surest rows of a calibrated model do better", () => {
  const random = seededRandom(7);
  const p = Array.from({ length: 4000 }, () => random.uniform());
  const y = p.map((value) => Number(random.uniform() < value));
  const curve = curveOf(p, y, { replicates: 100 });
  const all = curve.at(-1)!;
  expect(all.accuracy.estimate).toBeCloseTo(accuracy(p, y), 12);
  expect(all.majorityRate).toBeCloseTo(majorityRate(y), 12);
  expect(curve[1]!.rows).toBe(400);
  expect(curve[1]!.accuracy.estimate).toBeGreaterThan(0.9);
  for (const { rows, accuracy: point } of curve) {
    // Rows are independent here: √(a (1 − a) / rows), known to 7 % by 100 resamples.
    const error = Math.sqrt((point.estimate * (1 - point.estimate)) / rows);
    expect(point.standardError / error).toBeGreaterThan(0.65);
    expect(point.standardError / error).toBeLessThan(1.4);
    expect(point.lower).toBeLessThan(point.estimate);
    expect(point.upper).toBeGreaterThan(point.estimate);
  }
});

test("independent rows are those kept that do not overlap: all where rows are independent, a share where they repeat", () => {
  const random = seededRandom(8);
  const p = Array.from({ length: 4000 }, () => random.uniform());
  const y = p.map((value) => Number(random.uniform() < value));
  for (const { rows, accuracy: point } of curveOf(p, y, { horizonBars: 1 })) {
    expect(point.effectiveRows).toBeGreaterThan(0.5 * rows);
    expect(point.effectiveRows).toBeLessThanOrEqual(rows);
  }
  for (const { rows, accuracy: point } of curveOf(p, y)) {
    expect(point.effectiveRows).toBeLessThanOrEqual(rows / 5);
  }
  // Each outcome ten times in a row is one outcome.
  const tenfold = <Value>(values: readonly Value[]): readonly Value[] =>
    values.slice(0, 400).flatMap((value) => new Array<Value>(10).fill(value));
  const repeated = curveOf(tenfold(p), tenfold(y), { horizonBars: 1, blockUs: 50 * MINUTE_US });
  for (const { rows, accuracy: point } of repeated.slice(3)) {
    expect(point.effectiveRows).toBeLessThan(0.25 * rows);
  }
});

test("it is the mean over the surest rows when no two are equally sure", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 30 }),
      fc.infiniteStream(fc.constantFrom(0, 0.5, 1)),
      (ranks, outcomes) => {
        const y = ranks.map(() => outcomes.next().value);
        const p = ranks.map((rank, i) => 0.5 + (i % 2 === 0 ? rank : -rank) / 2000);
        const hit = hits(p, y);
        const surest = [...ranks.keys()].sort((i, j) => ranks[j]! - ranks[i]!);
        for (const { coverage, rows, accuracy: found } of curveOf(p, y, { replicates: 2 })) {
          const kept = surest.slice(0, Math.round(coverage * p.length));
          expect(rows).toBe(kept.length);
          const mean = kept.reduce((sum, i) => sum + hit[i]!, 0) / kept.length;
          if (kept.length === 0) expect(found.estimate).toBeNaN();
          else expect(found.estimate).toBeCloseTo(mean, 12);
        }
      },
    ),
    { seed: 2, numRuns: 50 },
  );
});

test("rows that are equally sure are kept in part, whatever their order", () => {
  const y = [1, 1, 1, 0, 0, 0, 0, 0, 1, 0];
  const constant = y.map(() => 0.6);
  for (const { accuracy: found, majorityRate: base } of curveOf(constant, y, {
    coverages: [0.2, 0.5, 1],
  })) {
    expect(found.estimate).toBeCloseTo(0.4, 12);
    expect(base).toBeCloseTo(0.6, 12);
  }
});

test("a share that keeps no row has no accuracy", () => {
  const [point] = curveOf([0.6, 0.7], [1, 0], { coverages: [0.05] });
  expect(point).toMatchObject({ rows: 0, accuracy: { estimate: Number.NaN, effectiveRows: 0 } });
});
