import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { accuracy, chanceRate, majorityRate } from "./accuracy.js";
import { auc } from "./auc.js";
import { balancedAccuracy } from "./balanced-accuracy.js";
import { brierLoss, brierSkillScore } from "./brier.js";
import { calibrationError, calibrationNoiseFloor } from "./calibration-error.js";
import { logLoss, logLossSkillScore } from "./log-loss.js";
import { matthewsCorrelation } from "./matthews-correlation.js";
import { reliabilityBins } from "./reliability.js";

const METRICS = {
  accuracy,
  balancedAccuracy,
  matthewsCorrelation,
  auc,
  brierLoss,
  logLoss,
};
type MetricName = keyof typeof METRICS;

/** An AUC of one class is not defined, and neither is scikit-learn's Brier loss of a tied outcome. */
type GoldenCase = Readonly<Record<MetricName, number | null>> & {
  readonly name: string;
  readonly probability: readonly number[];
  readonly outcome: readonly number[];
};

const golden = JSON.parse(
  readFileSync(path.join(__dirname, "../../data/golden/metrics.json"), "utf8"),
) as { readonly cases: readonly GoldenCase[] };

test.each(Object.keys(METRICS) as MetricName[])("%s is scikit-learn's to 1e-12", (metric) => {
  for (const { name, probability, outcome, [metric]: value } of golden.cases) {
    if (value === null && metric === "brierLoss") continue;
    const found = METRICS[metric](probability, outcome);
    if (value === null) expect(found, name).toBeNaN();
    else expect(Math.abs(found - value), name).toBeLessThanOrEqual(1e-12);
  }
  expect(golden.cases.length).toBeGreaterThan(100);
});

const rowsOf = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom(0, 0.5, 1)), {
  minLength: 1,
  maxLength: 60,
});
const split = (rows: readonly (readonly [number, number])[]): [number[], number[]] => [
  rows.map(([p]) => p / 20),
  rows.map(([, y]) => y),
];

test("AUC is the share of up-down pairs in order, ties half, and a tied outcome half of each", () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      let area = 0;
      let pairs = 0;
      for (const [p, y] of rows) {
        for (const [q, z] of rows) {
          area += y * (1 - z) * (p > q ? 1 : p === q ? 0.5 : 0);
          pairs += y * (1 - z);
        }
      }
      // A tied row meets itself as half an up and half a down, at equal probability.
      const found = auc(...split(rows));
      if (pairs === 0) expect(found).toBeNaN();
      else expect(found).toBeCloseTo(area / pairs, 10);
    }),
    { seed: 1 },
  );
});

test("accuracy by hand: two right, one wrong, one tied outcome, one undecided probability", () => {
  expect(accuracy([0.9, 0.2, 0.6, 0.7, 0.5], [1, 0, 0, 0.5, 1])).toBeCloseTo(3 / 5, 12);
});

test("balanced accuracy and correlation by hand: ups 2 of 3 right, downs 1 of 2, ties half of each", () => {
  const outcome = [1, 1, 1, 0, 0];
  const probability = [0.9, 0.8, 0.1, 0.2, 0.7];
  expect(balancedAccuracy(probability, outcome)).toBeCloseTo((2 / 3 + 1 / 2) / 2, 12);
  // TP 2, TN 1, FP 1, FN 1.
  expect(matthewsCorrelation(probability, outcome)).toBeCloseTo(1 / Math.sqrt(36), 12);
  expect(balancedAccuracy([0.5, 0.9], [1, 0.5])).toBeCloseTo(((0.5 + 0.5) / 1.5 + 0) / 2, 12);
});

test("a constant call has no correlation and half the balanced accuracy, however rare ups are", () => {
  const outcome = Array.from({ length: 100 }, (_, i) => Number(i < 3));
  const calls = outcome.map(() => 0.2);
  expect(accuracy(calls, outcome)).toBeCloseTo(0.97, 12);
  expect(balancedAccuracy(calls, outcome)).toBe(0.5);
  expect(matthewsCorrelation(calls, outcome)).toBe(0);
});

test("accuracy flips about one half when the probabilities are mirrored", () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const [p, y] = split(rows);
      const mirrored = p.map((value) => 1 - value);
      expect(accuracy(p, y) + accuracy(mirrored, y)).toBeCloseTo(1, 12);
    }),
    { seed: 2 },
  );
});

test("majority is the better of the two constants", () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const [, y] = split(rows);
      const constants = [1, 0].map((p) => accuracy(new Float64Array(y.length).fill(p), y));
      expect(majorityRate(y)).toBeCloseTo(Math.max(...constants), 12);
    }),
    { seed: 3 },
  );
});

test("chance is what shuffled calls score on average", () => {
  const random = seededRandom(4);
  const outcome = Array.from({ length: 2000 }, () => Number(random.uniform() < 0.6));
  const calls = outcome.map(() => Number(random.uniform() < 0.8));
  expect(Math.abs(accuracy(calls, outcome) - chanceRate(calls, outcome))).toBeLessThan(0.03);
  expect(chanceRate([1, 1, 1, 1], [1, 1, 1, 0])).toBeCloseTo(0.75, 12);
});

test("the base rate as a forecast has no skill and no calibration error", () => {
  const outcome = [1, 0, 0, 1, 1, 0, 1, 1];
  const constant = outcome.map(() => 5 / 8);
  expect(brierSkillScore(constant, outcome)).toBeCloseTo(0, 12);
  expect(logLossSkillScore(constant, outcome)).toBeCloseTo(0, 12);
  expect(calibrationError(constant, outcome)).toBeCloseTo(0, 12);
  expect(auc(constant, outcome)).toBe(0.5);
});

test("perfect foresight has full skill; its opposite has less than none", () => {
  const outcome = [1, 0, 0, 1];
  expect(brierSkillScore(outcome, outcome)).toBe(1);
  expect(logLossSkillScore(outcome, outcome)).toBeCloseTo(1, 10);
  expect(
    brierSkillScore(
      outcome.map((y) => 1 - y),
      outcome,
    ),
  ).toBeLessThan(0);
});

test("one class only leaves skill and AUC undefined", () => {
  expect(brierSkillScore([0.4, 0.6], [1, 1])).toBeNaN();
  expect(logLossSkillScore([0.4, 0.6], [1, 1])).toBeNaN();
  expect(auc([0.4, 0.6], [1, 1])).toBeNaN();
});

test("a missing probability makes every score missing, never good", () => {
  const p = [0.9, Number.NaN, 0.1];
  const y = [1, 1, 0];
  for (const score of [...Object.values(METRICS), calibrationError, brierSkillScore]) {
    expect(score(p, y)).toBeNaN();
  }
});

test("columns of different length are refused", () => {
  for (const score of [...Object.values(METRICS), calibrationError]) {
    expect(() => score([0.5], [1, 0])).toThrow(/expected 1 as in "probability"/);
  }
});

test("reliability bins hold every row once, are of equal mass, and never split equal probabilities", () => {
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const [p, y] = split(rows);
      const bins = reliabilityBins(p, y, { bins: 5 });
      expect(bins.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length);
      const ups = bins.reduce((sum, bin) => sum + bin.rows * bin.upRate, 0);
      expect(ups).toBeCloseTo(
        y.reduce((sum, value) => sum + value, 0),
        9,
      );
      expect(bins.length).toBeLessThanOrEqual(Math.min(5, new Set(p).size));
    }),
    { seed: 5 },
  );
  const p = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) / 100);
  expect(reliabilityBins(p, p).map((bin) => bin.rows)).toEqual(new Array(10).fill(10));
});

test("calibration error by hand: bins (.1 vs 0, .3 vs .5)", () => {
  expect(calibrationError([0.1, 0.1, 0.3, 0.3], [0, 0, 1, 0], { bins: 2 })).toBeCloseTo(0.15, 12);
});

test("a calibrated model's error is the noise floor, as the field's figures say", () => {
  const random = seededRandom(6);
  for (const [rows, published] of [
    [230, 0.08],
    [700, 0.05],
  ] as const) {
    const errors: number[] = [];
    let floor = 0;
    for (let run = 0; run < 200; run++) {
      const p = Array.from({ length: rows }, () => 0.4 + 0.2 * random.uniform());
      const y = p.map((value) => Number(random.uniform() < value));
      errors.push(calibrationError(p, y));
      floor = calibrationNoiseFloor(reliabilityBins(p, y), rows);
    }
    const average = errors.reduce((sum, value) => sum + value, 0) / errors.length;
    expect(Math.abs(average - floor) / floor).toBeLessThan(0.07);
    expect(Math.abs(floor - published)).toBeLessThan(0.005);
  }
});
