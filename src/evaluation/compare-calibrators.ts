// Which calibrator keeps its word on rows it has not seen, and is any better than none?

import {
  type BlockBootstrapOptions,
  type Bootstrapped,
  weightedBootstrap,
} from "../core/block-bootstrap.js";
import { concatenate } from "../core/columns.js";
import { DIFFERENCE, POSITIVE, RATIO, type Range } from "../core/figure-range.js";
import { rowLogLoss } from "../core/row-log-loss.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import type { Dataset } from "../dataset/matrix.js";
import {
  CALIBRATOR_KINDS,
  type CalibratorKind,
  calibrate,
  fitCalibrator,
} from "../models/calibrator.js";
import { sigmoid } from "../models/logistic.js";
import type { FoldFit } from "../training/fold-fit.js";
import { calibrationErrorOf } from "./calibration-error.js";
import { rankRows, rankWeight } from "./order.js";
import {
  type FixedBins,
  fixedBins,
  type ReliabilityPoint,
  weightedReliabilityBins,
  withIntervals,
} from "./reliability.js";

/** How calibrators are compared. */
interface CalibratorOptions extends BlockBootstrapOptions {
  /** Rows that are measured, such as those that other models predicted, too; default all test rows. */
  readonly rows?: Uint32Array;
}

/** What calibration is judged by; lower is better in all three. */
export type CalibrationLoss = "calibrationError" | "brierLoss" | "logLoss";

/** One calibrator on the test rows of all folds. */
export interface CalibratorComparison {
  /** `none`: the model's probabilities as they are. */
  readonly calibrator: CalibratorKind | "none";
  readonly losses: Readonly<Record<CalibrationLoss, Bootstrapped>>;
  /** Each loss less that before calibration, paired over the same resamples: below 0 where calibration helps. */
  readonly lessNone: Readonly<Record<CalibrationLoss, Bootstrapped>>;
  readonly reliability: readonly ReliabilityPoint[];
}

/** What a fold keeps of its model for this. */
export type FoldLogits = Pick<
  FoldFit,
  "calibrateRows" | "calibrateLogits" | "testRows" | "testLogits"
>;

const LOSSES: readonly CalibrationLoss[] = ["calibrationError", "brierLoss", "logLoss"];

/**
 * Fits every kind of calibrator on each fold's calibration slice, and measures them on the test rows of all folds together,
 * or on some of them, beside the model as it is.
 *
 * @returns `none` first, then the kinds; figures are NaN without test rows
 */
export function compareCalibrators(
  dataset: Pick<Dataset, "outcome" | "barEndUs" | "horizonBars">,
  fits: readonly FoldLogits[],
  { rows, ...bootstrap }: CalibratorOptions,
): readonly CalibratorComparison[] {
  const folds = rows === undefined ? fits : testedOn(fits, rows);
  const at = (column: ArrayLike<number>, rows: Uint32Array): Float64Array =>
    Float64Array.from(rows, (row) => column[row]!);
  const tested = (column: ArrayLike<number>): Float64Array =>
    concatenate(folds.map(({ testRows }) => at(column, testRows)));
  const outcome = tested(dataset.outcome);
  const calibrators = ["none", ...CALIBRATOR_KINDS] as const;
  const probabilities = calibrators.map((kind) =>
    concatenate(
      folds.map(({ calibrateRows, calibrateLogits, testLogits }) => {
        if (kind === "none") return testLogits.map(sigmoid);
        const seen = at(dataset.outcome, calibrateRows);
        const overlapBars = dataset.horizonBars;
        return calibrate(fitCalibrator(kind, calibrateLogits, seen, { overlapBars }), testLogits);
      }),
    ),
  );
  const each = probabilities.map((probability) => judged(probability, outcome));
  const figures = weightedBootstrap(
    tested(dataset.barEndUs),
    (weight) => paired(each.map(({ figures: of }) => of(weight))),
    { ...bootstrap, horizonBars: dataset.horizonBars, rangeOf },
  );
  return calibrators.map((calibrator, k) => ({
    calibrator,
    losses: byLoss((loss) => figures[`${k} ${loss}`]!),
    lessNone: byLoss((loss) => figures[`${k} less ${loss}`]!),
    reliability: withIntervals(each[k]!.bins, (bin) => figures[`${k} bin ${bin}`]!),
  }));
}

/** The same fits with those of their test rows that are among some rows. */
function testedOn(folds: readonly FoldLogits[], rows: Uint32Array): readonly FoldLogits[] {
  const asked = new Set(rows);
  return folds.map((fold) => ({
    ...fold,
    testRows: fold.testRows.filter((row) => asked.has(row)),
    testLogits: fold.testLogits.filter((_, i) => asked.has(fold.testRows[i]!)),
  }));
}

/** What a resample says of one calibrator's probabilities. */
interface Judged {
  readonly losses: Readonly<Record<CalibrationLoss, number>>;
  readonly upRates: readonly number[];
}

/** The three losses of a resample and the rates of the bins; rows are sorted once. */
function judged(
  probability: Float64Array,
  outcome: Float64Array,
): { readonly bins: FixedBins["found"]; readonly figures: (weight: Uint32Array) => Judged } {
  const ranked = rankRows(probability, outcome);
  const squares = ranked.outcome.map((y, k) => (ranked.probability[k]! - y) ** 2);
  const logs = ranked.outcome.map((y, k) => rowLogLoss(ranked.probability[k]!, y));
  const { found: bins, upRates } = fixedBins(ranked);
  const inOrder = new Uint32Array(outcome.length);
  const figures = (weight: Uint32Array): Judged => {
    rankWeight(ranked, weight, inOrder);
    const rows = totalWeight(inOrder);
    const losses = {
      calibrationError: calibrationErrorOf(weightedReliabilityBins(ranked, inOrder)),
      brierLoss: weightedSum(inOrder, squares) / rows,
      logLoss: weightedSum(inOrder, logs) / rows,
    };
    return { losses, upRates: upRates(inOrder) };
  };
  return { bins, figures };
}

/** Every calibrator's losses, the same less those of the first, and its bins' rates, in one flat record. */
function paired(each: readonly Judged[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    each.flatMap(({ losses, upRates }, k) => [
      ...LOSSES.flatMap((loss): [string, number][] => [
        [`${k} ${loss}`, losses[loss]],
        [`${k} less ${loss}`, losses[loss] - each[0]!.losses[loss]],
      ]),
      ...upRates.map((rate, bin): [string, number] => [`${k} bin ${bin}`, rate]),
    ]),
  );
}

/** By the names that `paired` gives. */
function rangeOf(name: string): Range | undefined {
  const isDifference = name.includes("less");
  if (name.endsWith("logLoss")) return isDifference ? undefined : POSITIVE;
  return isDifference ? DIFFERENCE : RATIO;
}

function byLoss<Value>(
  ofLoss: (loss: CalibrationLoss) => Value,
): Readonly<Record<CalibrationLoss, Value>> {
  return {
    calibrationError: ofLoss("calibrationError"),
    brierLoss: ofLoss("brierLoss"),
    logLoss: ofLoss("logLoss"),
  };
}
