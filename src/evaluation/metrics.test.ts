import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { accuracy, chanceRate, majorityRate } from "./accuracy.js";
import { auc } from "./auc.js";
import { brierLoss, brierSkillScore } from "./brier.js";
import { calibrationError, calibrationNoiseFloor } from "./calibration-error.js";
import { coverageCurve } from "./coverage.js";
import { logLoss, logLossSkillScore } from "./log-loss.js";
import { reliabilityBins } from "./reliability.js";

interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly probability: number[];
    readonly logLossProbability: number[];
    readonly outcome: number[];
    readonly accuracy: number | null;
    readonly auc: number;
    readonly brierLoss: number;
    readonly logLoss: number;
  }[];
}

const golden = JSON.parse(
  readFileSync(path.join(__dirname, "../../data/golden/metrics.json"), "utf8"),
) as Golden;

describe.each(golden.cases)("scikit-learn on $name", (expected) => {
  const { probability, outcome } = expected;

  test("accuracy is the same", () => {
    if (expected.accuracy === null) return;
    expect(accuracy(probability, outcome)).toBeCloseTo(expected.accuracy, 12);
  });

  test("AUC is the same", () => {
    expect(auc(probability, outcome)).toBeCloseTo(expected.auc, 12);
  });

  test("Brier loss and log-loss are the same", () => {
    expect(brierLoss(probability, outcome)).toBeCloseTo(expected.brierLoss, 12);
    expect(logLoss(expected.logLossProbability, outcome)).toBeCloseTo(expected.logLoss, 12);
  });
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
  for (const score of [accuracy, brierLoss, logLoss, auc, calibrationError, brierSkillScore]) {
    expect(score(p, y)).toBeNaN();
  }
});

test("columns of different length are refused", () => {
  for (const score of [accuracy, brierLoss, logLoss, auc, calibrationError]) {
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

test("accuracy at full coverage is accuracy; the surest rows of a calibrated model do better", () => {
  const random = seededRandom(7);
  const p = Array.from({ length: 4000 }, () => random.uniform());
  const y = p.map((value) => Number(random.uniform() < value));
  const curve = coverageCurve(p, y);
  expect(curve.at(-1)!.accuracy).toBeCloseTo(accuracy(p, y), 12);
  expect(curve[1]!.rows).toBe(400);
  expect(curve[1]!.accuracy).toBeGreaterThan(0.9);
});
