import type { Dataset } from "../dataset/matrix.js";
import { calibrate, fitCalibrator } from "../models/calibrator.js";
import { sigmoid } from "../models/logistic.js";
import { type Predictor, predictLogits } from "../models/predictor.js";
import type { Epoch, FoldFit } from "./fold-fit.js";
import type { TrainingSettings } from "./settings.js";
import type { SliceRows } from "./slice-rows.js";

/**
 * What every model does after its weights are fitted: the calibrator on the calibration slice, then the test rows.
 *
 * @param fitted - scaler and model, fitted on earlier slices
 * @param how.calibrator - which calibrator ships with the model
 * @param how.history - the model's epochs; empty without any
 */
export async function finishFold(
  dataset: Dataset,
  { rows, counts }: SliceRows,
  fitted: Pick<Predictor, "scaler" | "model">,
  {
    calibrator: kind,
    history,
  }: Pick<TrainingSettings, "calibrator"> & { readonly history: readonly Epoch[] },
): Promise<FoldFit> {
  const { inputs, outcome, featureNames, horizonBars } = dataset;
  const calibrateLogits = await predictLogits(fitted, inputs, rows.calibrate);
  const calibrator = fitCalibrator(
    kind,
    calibrateLogits,
    Float64Array.from(rows.calibrate, (row) => outcome[row]!),
    { overlapBars: horizonBars },
  );
  const testLogits = await predictLogits(fitted, inputs, rows.test);
  return {
    predictor: { featureNames, ...fitted, calibrator },
    counts,
    calibrateRows: rows.calibrate,
    calibrateLogits,
    testRows: rows.test,
    testLogits,
    rawProbability: testLogits.map(sigmoid),
    probability: calibrate(calibrator, testLogits),
    history,
  };
}
