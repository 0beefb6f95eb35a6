// From which confidence on does a model act? From one that its calibration slice sets, so that no later row has a part in it.
import { quantile } from "../core/statistics.js";
import { type Calibrator, calibrate } from "./calibrator.js";

/** Distance of a probability from ½. */
export function sureness(probability: number): number {
  return Math.abs(probability - 0.5);
}

/**
 * The sureness that a share of the calibration slice reaches.
 *
 * @param calibrateLogits - the model's log-odds at the rows of the slice
 * @param coverage - share of rows to act on, in (0, 1]
 * @returns 0 where all are acted on
 */
export function surenessThreshold(
  calibrator: Calibrator,
  calibrateLogits: Float64Array,
  coverage: number,
): number {
  if (coverage === 1) return 0;
  return quantile(calibrate(calibrator, calibrateLogits).map(sureness), 1 - coverage);
}
