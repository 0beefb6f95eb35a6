import { expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { CALIBRATOR_KINDS, calibrate, fitCalibrator } from "../models/calibrator.js";
import { sigmoid } from "../models/logistic.js";
import { foldsFromFiles, foldsToFiles } from "./model-files.js";
import { LOGISTIC_SETTINGS } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";
import { testDataset, testFold } from "./test-dataset.js";
import { trainLogistic } from "./train-logistic.js";

const dataset = testDataset(1200, (first) => (first.at(-1)! > 0 ? 0.8 : 0.3));
const fold = testFold(dataset);

test("rows of the test's time that are no test rows to a model are kept, and asked where it can be", () => {
  const test0 = fold.test[0]!;
  const isPredictable = dataset.isPredictable.map((_, row) => Number(row !== test0 + 20));
  // A new run begins ten rows into the test; one row has no label, one no inputs.
  const runStart = dataset.runStart.map((start, row) =>
    row >= test0 + 10 && row < 1200 ? test0 + 10 : start,
  );
  const cut = {
    ...fold,
    test: fold.test.filter((row) => row !== test0 + 19 && row !== test0 + 20),
    untested: Uint32Array.of(test0 + 19, test0 + 20),
  };
  const slices = rowsWithWindow({ ...dataset, isPredictable, runStart }, cut, 5, "model");
  if (isShortfall(slices)) throw new Error(slices.what);
  const young = [10, 11, 12, 13].map((i) => test0 + i);
  expect([...slices.untested.rows]).toEqual([...young, test0 + 19, test0 + 20]);
  expect([...slices.untested.asked]).toEqual([test0 + 19]);
  expect([...slices.rows.test]).toEqual([...cut.test].filter((row) => !young.includes(row)));
});

test("what is said where there is no label is what the predictor says, and stays in the bundle", async () => {
  const untested = fold.test.filter((_, i) => i % 3 === 0);
  const cut = { ...fold, test: fold.test.filter((_, i) => i % 3 !== 0), untested };
  const whole = await trainLogistic(dataset, fold, LOGISTIC_SETTINGS);
  const fit = await trainLogistic(dataset, cut, LOGISTIC_SETTINGS);
  if (isShortfall(fit) || isShortfall(whole)) throw new Error("expected fits");
  expect(fit.predictor).toEqual(whole.predictor);
  expect(fit.untestedRows).toEqual(untested);
  expect(fit.untestedProbability).toEqual(whole.probability.filter((_, i) => i % 3 === 0));
  expect(fit.probability).toEqual(whole.probability.filter((_, i) => i % 3 !== 0));
  const untestedProbability = fit.untestedProbability.map((p, i) => (i === 0 ? Number.NaN : p));
  const said = { ...fit, untestedProbability };
  expect(foldsFromFiles(foldsToFiles([said]), "bundle")).toEqual([said]);
});

test.each(CALIBRATOR_KINDS)(
  "settings that ask for %s get it, fitted on the calibration slice",
  async (kind) => {
    const fit = await trainLogistic(dataset, fold, { ...LOGISTIC_SETTINGS, calibrator: kind });
    if (isShortfall(fit)) throw new Error(fit.what);
    const { calibrateRows, calibrateLogits, testLogits } = fit;
    expect(calibrateRows).toEqual(fold.calibrate);
    const outcome = Float64Array.from(fold.calibrate, (row) => dataset.outcome[row]!);
    const expected = fitCalibrator(kind, calibrateLogits, outcome, { overlapBars: 1 });
    expect(fit.predictor.calibrator).toEqual(expected);
    expect(fit.probability).toEqual(calibrate(expected, testLogits));
    expect(fit.rawProbability).toEqual(testLogits.map(sigmoid));
    expect(foldsFromFiles(foldsToFiles([fit]), "bundle")).toEqual([fit]);
  },
);
