// Does 60 % mean 60 %? What is fitted on a slice of its own turns a model's log-odds into probabilities that keep their word.
import { applyIsotonic, fitIsotonic, type Isotonic } from "./isotonic.js";
import { applyPlatt, fitPlatt, type Platt } from "./platt.js";
import { applyTemperature, fitTemperature, type Temperature } from "./temperature.js";

/** What turns log-odds into calibrated probabilities; it ships with its model. */
export type Calibrator = Platt | Temperature | Isotonic;

/** Which one: two numbers, one number, or a staircase. */
export type CalibratorKind = Calibrator["kind"];

/** Every kind, from the stiffest to the most pliant. */
export const CALIBRATOR_KINDS: readonly CalibratorKind[] = ["temperature", "platt", "isotonic"];

/**
 * Fits a calibrator on the calibration slice.
 *
 * @param logits - n log-odds of the model
 * @param outcome - n outcomes in [0, 1]; 0.5 is a tie
 * @param options.overlapBars - neighbouring labels share this many bars; each row counts as one over this
 * @returns a calibrator of that kind; without rows `temperature` and `platt` leave the model as it is, and `isotonic`
 *   says ½
 */
export function fitCalibrator(
  kind: CalibratorKind,
  logits: Float64Array,
  outcome: ArrayLike<number>,
  options: { readonly overlapBars: number },
): Calibrator {
  switch (kind) {
    case "platt":
      return fitPlatt(logits, outcome, options);
    case "temperature":
      return fitTemperature(logits, outcome, options);
    case "isotonic":
      return fitIsotonic(logits, outcome, options);
  }
}

/**
 * Calibrated probabilities of n log-odds; a larger log-odds never gets a smaller probability, and only `isotonic` may give
 * the same one to two.
 */
export function calibrate(calibrator: Calibrator, logits: Float64Array): Float64Array {
  switch (calibrator.kind) {
    case "platt":
      return applyPlatt(calibrator, logits);
    case "temperature":
      return applyTemperature(calibrator, logits);
    case "isotonic":
      return applyIsotonic(calibrator, logits);
  }
}

/** Calibrated log-odds of n log-odds: finite, also where their probabilities round to 0 or 1. */
export function calibratedLogits(calibrator: Calibrator, logits: Float64Array): Float64Array {
  switch (calibrator.kind) {
    case "platt":
      return logits.map((logit) => calibrator.slope * logit + calibrator.shift);
    case "temperature":
      return logits.map((logit) => logit / calibrator.temperature);
    case "isotonic":
      return applyIsotonic(calibrator, logits).map((p) => Math.log(p / (1 - p)));
  }
}
