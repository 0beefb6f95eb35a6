// How is a calibrator kept in a model's file? As its kind and its numbers, every one checked when it comes back.
import { DataError } from "../core/errors.js";
import type { Calibrator } from "./calibrator.js";
import { MIN_SLOPE } from "./platt.js";
import { requireArray, type StoredArrays } from "./safetensors.js";

const KIND = "calibrator";
const SLOPE_SHIFT = "calibrator.slope_shift";
const TEMPERATURE = "calibrator.temperature";
const KNOT_PROBABILITY = "calibrator.knot_probability";
const KNOT_CALIBRATED = "calibrator.knot_calibrated";

/** A calibrator as arrays and texts of a model file. */
export function calibratorToStored(calibrator: Calibrator): StoredArrays {
  const texts = { [KIND]: calibrator.kind };
  const stored = (columns: Readonly<Record<string, Float64Array>>): StoredArrays => ({
    texts,
    arrays: Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, { shape: [values.length], values }]),
    ),
  });
  switch (calibrator.kind) {
    case "platt":
      return stored({ [SLOPE_SHIFT]: Float64Array.of(calibrator.slope, calibrator.shift) });
    case "temperature":
      return stored({ [TEMPERATURE]: Float64Array.of(calibrator.temperature) });
    case "isotonic":
      return stored({
        [KNOT_PROBABILITY]: calibrator.probability,
        [KNOT_CALIBRATED]: calibrator.calibrated,
      });
  }
}

/**
 * The calibrator of a model file.
 *
 * @param file - its name, for errors
 * @throws {DataError} no kind that is known, arrays of another shape, or numbers that would turn a model's order round or
 *   make certainties
 */
export function calibratorFromStored(stored: StoredArrays, file: string): Calibrator {
  const doubles = (name: string, length: number): Float64Array =>
    requireArray(stored, name, [length], Float64Array, file);
  const kind = stored.texts[KIND];
  switch (kind) {
    case "platt": {
      const [slope, shift] = doubles(SLOPE_SHIFT, 2);
      requireCalibrator(
        slope! >= MIN_SLOPE,
        `a slope of ${slope}, expected ${MIN_SLOPE} or more`,
        file,
      );
      return { kind, slope: slope!, shift: shift! };
    }
    case "temperature": {
      const [temperature] = doubles(TEMPERATURE, 1);
      requireCalibrator(
        temperature! > 0,
        `a temperature of ${temperature}, expected one above 0`,
        file,
      );
      return { kind, temperature: temperature! };
    }
    case "isotonic": {
      const count = stored.arrays[KNOT_PROBABILITY]?.values.length ?? 0;
      const probability = doubles(KNOT_PROBABILITY, count);
      const calibrated = doubles(KNOT_CALIBRATED, count);
      requireCalibrator(count > 0, "no knots, expected one or more", file);
      requireCalibrator(
        probability.every((p, i) => p >= 0 && p <= 1 && (i === 0 || p > probability[i - 1]!)),
        "knots whose probabilities do not rise from 0 to 1",
        file,
      );
      requireCalibrator(
        calibrated.every((p, i) => p > 0 && p < 1 && (i === 0 || p >= calibrated[i - 1]!)),
        "knots whose calibrated probabilities fall, or are not between 0 and 1",
        file,
      );
      return { kind, probability, calibrated };
    }
    default:
      throw unusable(
        `named the calibrator "${kind}", expected platt, temperature or isotonic`,
        file,
      );
  }
}

function requireCalibrator(isRight: boolean, problem: string, file: string): void {
  if (!isRight) throw unusable(`had a calibrator with ${problem}`, file);
}

function unusable(message: string, file: string): DataError {
  return new DataError({ file, message, fix: "train the model again with `npx tickbook train`" });
}
