import type { Dataset } from "../dataset/matrix.js";
import { calibrate, fitCalibrator } from "../models/calibrator.js";
import { sigmoid } from "../models/logistic.js";
import { type Predictor, predictLogits } from "../models/predictor.js";
import type { Epoch, FoldFit } from "./fold-fit.js";
import type { SliceRows } from "./slice-rows.js";

/**
 * What every model does after its weights are fitted: the calibrator on the calibration slice, then the test rows.
 *
 * @param fitted - scaler and model, fitted on earlier slices
 * @param history - the model's epochs
 */
export async function finishFold(
  dataset: Dataset,
  { rows, counts }: SliceRows,
  fitted: Pick<Predictor, "scaler" | "model">,
  history: readonly Epoch[],
): Promise<FoldFit> {
  const { inputs, outcome, featureNames, horizonBars } = dataset;
  const calibrator = fitCalibrator(
    await predictLogits(fitted, inputs, rows.calibrate),
    Float64Array.from(rows.calibrate, (row) => outcome[row]!),
    { overlapBars: horizonBars },
  );
  const logits = await predictLogits(fitted, inputs, rows.test);
  return {
    predictor: { featureNames, ...fitted, calibrator },
    counts,
    testRows: rows.test,
    rawProbability: logits.map(sigmoid),
    probability: calibrate(calibrator, logits),
    history,
  };
}
