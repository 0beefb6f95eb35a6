import { expect, test } from "vitest";
import { isShortfall } from "../core/shortfall.js";
import { CALIBRATOR_KINDS, calibrate, fitCalibrator } from "../models/calibrator.js";
import { sigmoid } from "../models/logistic.js";
import { foldsFromFiles, foldsToFiles } from "./model-files.js";
import { LOGISTIC_SETTINGS } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { trainLogistic } from "./train-logistic.js";

const dataset = testDataset(1200, (first) => (first.at(-1)! > 0 ? 0.8 : 0.3));
const fold = testFold(dataset);

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
