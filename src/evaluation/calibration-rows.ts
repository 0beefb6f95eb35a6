// How far can a calibration error be believed? As far as the rows that it comes from are many and independent.
import type { Uncertainty } from "../core/block-bootstrap.js";
import { effectiveSampleSize } from "../core/effective-sample-size.js";
import { calibrationNoiseFloor } from "./calibration-error.js";
import type { ReliabilityBin } from "./reliability.js";

/** What a calibration error rests on. */
export interface CalibrationRows {
  /** Independent rows that it rests on. */
  readonly calibrationRows: number;
  /** Calibration error that a perfectly calibrated model would show on as many. */
  readonly calibrationNoiseFloor: number;
}

/**
 * Independent rows of a calibration error, by the scatter of outcome less probability, and its noise floor.
 *
 * @param rows.probability - n probabilities of "up" that the error is of
 * @param rows.residual - their mean outcome less mean probability
 * @param rows.bins - their reliability bins
 */
export function calibrationRows({
  probability,
  outcome,
  residual,
  bins,
  horizonBars,
}: {
  readonly probability: Float64Array;
  readonly outcome: Float64Array;
  readonly residual: Uncertainty;
  readonly bins: readonly ReliabilityBin[];
  readonly horizonBars: number;
}): CalibrationRows {
  const residuals = outcome.map((y, i) => y - probability[i]!);
  const rows = effectiveSampleSize(residuals, residual.standardError, { horizonBars });
  return { calibrationRows: rows, calibrationNoiseFloor: calibrationNoiseFloor(bins, rows) };
}
