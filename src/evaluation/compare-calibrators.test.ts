import { expect, test } from "vitest";
import { concatenate } from "../core/columns.js";
import { seededRandom } from "../core/random.js";
import { MINUTE_US } from "../core/time.js";
import { calibrate, fitCalibrator } from "../models/calibrator.js";
import { sigmoid } from "../models/logistic.js";
import { brierLoss } from "./brier.js";
import { calibrationError } from "./calibration-error.js";
import { compareCalibrators, type FoldLogits } from "./compare-calibrators.js";
import { logLoss } from "./log-loss.js";
import { reliabilityCurve } from "./reliability.js";

const SLICE = 2000;
const BOOTSTRAP = { blockUs: 8 * MINUTE_US, barUs: MINUTE_US, seed: 1, replicates: 100 };

/** Two folds, one after the other, of log-odds that are `factor` times too sure of themselves and `offset` too high. */
function sample(factor: number, offset: number) {
  const random = seededRandom(8, "compare calibrators test");
  const truth = Float64Array.from({ length: 4 * SLICE }, () => random.normal());
  const logits = truth.map((logit) => factor * logit + offset);
  const rowsFrom = (from: number) => Uint32Array.from({ length: SLICE }, (_, i) => from + i);
  const folds = [0, 2 * SLICE].map((from): FoldLogits => {
    const [calibrateRows, testRows] = [rowsFrom(from), rowsFrom(from + SLICE)];
    return {
      calibrateRows,
      calibrateLogits: logits.slice(from, from + SLICE),
      testRows,
      testLogits: logits.slice(from + SLICE, from + 2 * SLICE),
    };
  });
  const dataset = {
    outcome: Float32Array.from(truth, (logit) => Number(random.uniform() < sigmoid(logit))),
    barEndUs: Float64Array.from(truth, (_, i) => (i + 1) * MINUTE_US),
    horizonBars: 1,
  };
  return { dataset, folds };
}

test("each kind is fitted on its fold's own slice and measured on all test rows by the plain metrics", () => {
  const { dataset, folds } = sample(3, 1);
  const found = compareCalibrators(dataset, folds, BOOTSTRAP);
  expect(found.map(({ calibrator }) => calibrator)).toEqual([
    "none",
    "temperature",
    "platt",
    "isotonic",
  ]);
  const outcome = folds.flatMap(({ testRows }) =>
    [...testRows].map((row) => dataset.outcome[row]!),
  );
  for (const { calibrator, losses, lessNone, reliability } of found) {
    const p = folds.flatMap(({ calibrateRows, calibrateLogits, testLogits }) => {
      if (calibrator === "none") return [...testLogits.map(sigmoid)];
      const seen = Float64Array.from(calibrateRows, (row) => dataset.outcome[row]!);
      const fitted = fitCalibrator(calibrator, calibrateLogits, seen, { overlapBars: 1 });
      return [...calibrate(fitted, testLogits)];
    });
    expect(losses.calibrationError.estimate).toBeCloseTo(calibrationError(p, outcome), 12);
    expect(losses.brierLoss.estimate).toBeCloseTo(brierLoss(p, outcome), 12);
    expect(losses.logLoss.estimate).toBeCloseTo(logLoss(p, outcome), 12);
    const before = found[0]!.losses.logLoss.estimate;
    const all = { rows: Uint32Array.from(p.keys()), probability: Float64Array.from(p) };
    const barEndUs = concatenate(
      folds.map(({ testRows }) => Float64Array.from(testRows, (row) => dataset.barEndUs[row]!)),
    );
    const tested = { outcome: Float32Array.from(outcome), barEndUs, horizonBars: 1 };
    // Blocks hold the same rows, whose order is another one: intervals are the same, sums of single rows about so.
    for (const [bin, expected] of reliabilityCurve(tested, all, BOOTSTRAP).entries()) {
      const own = reliability[bin]!;
      expect(own.rows).toBe(expected.rows);
      for (const name of ["meanProbability", "upRate", "lower", "upper", "standardError"] as const)
        expect(own[name]).toBeCloseTo(expected[name], 12);
      const ratio = own.effectiveRows / expected.effectiveRows;
      expect(Math.abs(Math.log(ratio))).toBeLessThan(Math.log(2));
    }
    expect(lessNone.logLoss.estimate).toBeCloseTo(losses.logLoss.estimate - before, 12);
    expect(losses.logLoss.effectiveRows).toBeGreaterThan(0);
  }
});

test("on some of the test rows alone figures are of these, and calibrators are fitted as on all", () => {
  const { dataset, folds } = sample(3, 1);
  const rows = Uint32Array.from(folds.flatMap(({ testRows }) => [...testRows])).filter(
    (row) => row % 3 !== 0,
  );
  const kept = folds.map((fold) => ({
    ...fold,
    testRows: fold.testRows.filter((row) => row % 3 !== 0),
    testLogits: fold.testLogits.filter((_, i) => fold.testRows[i]! % 3 !== 0),
  }));
  const found = compareCalibrators(dataset, folds, { ...BOOTSTRAP, rows });
  expect(found).toEqual(compareCalibrators(dataset, kept, BOOTSTRAP));
  const [none] = found;
  expect(none!.reliability.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows.length);
});

test("a model that is too sure and too high is helped by all, by those with a shift the most", () => {
  const { dataset, folds } = sample(3, 1.5);
  const [none, temperature, platt, isotonic] = compareCalibrators(dataset, folds, BOOTSTRAP);
  for (const { lessNone } of [temperature!, platt!, isotonic!]) {
    expect(lessNone.logLoss.upper).toBeLessThan(0);
    expect(lessNone.brierLoss.upper).toBeLessThan(0);
  }
  expect(platt!.losses.brierLoss.estimate).toBeLessThan(temperature!.losses.brierLoss.estimate);
  expect(none!.losses.calibrationError.estimate).toBeGreaterThan(0.1);
  expect(platt!.losses.calibrationError.estimate).toBeLessThan(0.03);
  expect(isotonic!.losses.calibrationError.estimate).toBeLessThan(0.04);
  expect(none!.lessNone.logLoss).toMatchObject({ estimate: 0, lower: 0, upper: 0 });
});

test("a calibrated model is not made better, and pairing shows so little a difference", () => {
  const { dataset, folds } = sample(1, 0);
  const [none, , platt] = compareCalibrators(dataset, folds, BOOTSTRAP);
  expect(Math.abs(platt!.lessNone.logLoss.estimate)).toBeLessThan(0.002);
  expect(platt!.lessNone.logLoss.standardError).toBeLessThan(
    none!.losses.logLoss.standardError / 4,
  );
});

test("without test rows everything is missing", () => {
  const { dataset, folds } = sample(1, 0);
  const empty = folds.map((fold) => ({
    ...fold,
    testRows: new Uint32Array(0),
    testLogits: new Float64Array(0),
  }));
  for (const { losses } of compareCalibrators(dataset, empty, BOOTSTRAP)) {
    expect(losses.logLoss).toMatchObject({ estimate: Number.NaN, effectiveRows: 0 });
  }
});
