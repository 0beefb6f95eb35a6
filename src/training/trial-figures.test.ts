import { expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import { trialFigures } from "./trial-figures.js";

const horizonUs = 5 * MINUTE_US;

test("by hand: means over the test rows alone, ties half right", () => {
  const outcome = Float32Array.from([Number.NaN, 1, 0, 0.5, 1]);
  const probability = Float64Array.from([0.75, 0.75, 0.25, 0.5]);
  const figures = trialFigures({ outcome, horizonUs }, Uint32Array.from([1, 2, 3, 4]), probability);
  expect(figures).toMatchObject({ rows: 4, horizonMinutes: 5, accuracy: (1 + 0 + 0.5 + 0.5) / 4 });
  expect(figures.brierLoss).toBeCloseTo((1 / 16 + 9 / 16 + 1 / 16 + 1 / 4) / 4, 15);
  // −ln of what the right side got; of a tie, the mean of both sides.
  const tie = -(Math.log(0.25) + Math.log(0.75)) / 2;
  const sum = -Math.log(0.75) - Math.log(0.25) + tie + Math.log(2);
  expect(figures.logLoss).toBeCloseTo(sum / 4, 15);
});

test("a model that is certain, as an isotonic calibrator makes it, has a log-loss", () => {
  const outcome = Float32Array.from([1, 0, 0]);
  const rows = Uint32Array.from([0, 1, 2]);
  const right = trialFigures({ outcome, horizonUs }, rows, Float64Array.from([1, 0, 0]));
  expect(right.logLoss).toBeCloseTo(0, 14);
  // Probabilities are kept 2⁻⁵² from 0 and 1, as scikit-learn does: a certain error costs 52 · ln 2.
  const wrong = trialFigures({ outcome, horizonUs }, rows, Float64Array.from([1, 0, 1]));
  expect(wrong.logLoss).toBeCloseTo((52 * Math.LN2) / 3, 12);
});
