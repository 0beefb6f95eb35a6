import { expect, test } from "vitest";
import type { FoldFit } from "./fold-fit.js";
import { chosenTry, tried } from "./search.js";
import { seedSummary, seedsFrom } from "./seeds.js";
import { LOGISTIC_SETTINGS, LSTM_SETTINGS, RULE_SETTINGS } from "./settings.js";
import type { TrainedModel } from "./trained-model.js";

/** A model with nothing but learning curves, one a fold, and rows of the early-stop slices. */
function withCurves(...curves: readonly (readonly number[])[]): TrainedModel {
  const folds = curves.map((losses, k) => ({
    counts: { earlyStop: 100 + k },
    history: losses.map((earlyStopLoss) => ({ earlyStopLoss })),
  }));
  return { folds: folds as unknown as readonly FoldFit[], figures: {} } as unknown as TrainedModel;
}

const point = (units: number) => ({
  settings: { ...LSTM_SETTINGS, units },
  changes: { units },
});

test("settings are chosen by the best epoch's loss on the first fold's early-stop slice", () => {
  const first = tried(point(8), [withCurves([0.69, 0.68, 0.7], [0.6])]);
  // Better in the second fold alone, whose slice lies in the first fold's test.
  const second = tried(point(16), [withCurves([0.69, 0.685], [0.1])]);
  const third = tried(point(32), [withCurves([0.68], [0.7])]);
  expect(first).toMatchObject({ stopLoss: 0.68, stopRows: 100 });
  expect(chosenTry([second, first, third])).toBe(first);
});

test("of several seeds the mean decides, not the luckiest", () => {
  const lucky = tried(point(8), [withCurves([0.6]), withCurves([0.75])]);
  const steady = tried(point(16), [withCurves([0.66]), withCurves([0.67])]);
  expect(lucky.stopLoss).toBeCloseTo(0.675, 12);
  expect(chosenTry([lucky, steady])).toBe(steady);
});

test("figures over seeds have the mean and deviation worked by hand", () => {
  const models = [0.5, 0.52, 0.57].map((accuracy, k) => ({
    figures: { accuracy, logLoss: 0.69, brierLoss: 0.25 - k / 100 },
  }));
  const { accuracy, logLoss, brierLoss } = seedSummary(models);
  expect(accuracy.mean).toBeCloseTo(0.53, 12);
  // √((0.03² + 0.01² + 0.04²)/2)
  expect(accuracy.deviation).toBeCloseTo(Math.sqrt(0.0013), 12);
  expect(logLoss.deviation).toBeCloseTo(0, 12);
  expect(brierLoss.mean).toBeCloseTo(0.24, 12);
  expect(seedSummary(models.slice(0, 1)).accuracy.deviation).toBeNaN();
});

test("seeds follow each other, and what draws nothing has one", () => {
  expect(seedsFrom(7, 3, LSTM_SETTINGS)).toEqual([7, 8, 9]);
  expect(seedsFrom(7, 1, LOGISTIC_SETTINGS)).toEqual([7]);
  for (const settings of [LOGISTIC_SETTINGS, RULE_SETTINGS[0]!]) {
    expect(() => seedsFrom(1, 2, settings)).toThrow(
      `--seeds: was 2 for ${settings.model}, which draws nothing: all seeds give the same model`,
    );
  }
});
