import { OptionError } from "../core/errors.js";
import type { Dataset } from "../dataset/matrix.js";
import { sureness, surenessThreshold } from "../models/sureness.js";
import type { FoldFit } from "../training/fold-fit.js";
import { COVERAGE } from "./experiment-rules.js";

/** Which test rows a model acts on: those it is sure enough of. */
export interface ActedOn {
  /** By row of the dataset: 1 for a row of the test's time that the model is sure enough of, whether it has a label or not. */
  readonly isActedOn: Uint8Array;
  /** Of each fold: |probability − ½| from which on it acts. */
  readonly thresholds: readonly number[];
}

/** What it needs of a fold. */
type CalibratedFold = Pick<
  FoldFit,
  | "predictor"
  | "calibrateLogits"
  | "testRows"
  | "probability"
  | "untestedRows"
  | "untestedProbability"
>;

/**
 * Acts on the share of rows that the model is surest of, by a threshold that is fixed on each fold's calibration slice: the
 * test has no part in it, so that the share it comes to there is measured and not set.
 *
 * @param coverage - share of rows to act on, in (0, 1]; 1 acts on every row
 * @throws {OptionError} no such share
 */
export function actedOn(
  { rows }: Pick<Dataset, "rows">,
  folds: readonly CalibratedFold[],
  coverage: number,
): ActedOn {
  if (!COVERAGE.fits(coverage)) {
    throw new OptionError({
      column: "--coverage",
      message: `was ${coverage}, expected ${COVERAGE.expected}`,
      fix: COVERAGE.fix,
    });
  }
  const thresholds = folds.map(({ predictor, calibrateLogits }) =>
    surenessThreshold(predictor.calibrator, calibrateLogits, coverage),
  );
  const isActedOn = new Uint8Array(rows);
  folds.forEach((fold, k) => {
    const mark = (rows: Uint32Array, probability: Float64Array): void =>
      rows.forEach((row, i) => {
        isActedOn[row] = Number(sureness(probability[i]!) >= thresholds[k]!);
      });
    mark(fold.testRows, fold.probability);
    mark(fold.untestedRows, fold.untestedProbability);
  });
  return { isActedOn, thresholds };
}
