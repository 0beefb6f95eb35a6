import type { Dataset } from "../dataset/matrix.js";
import { calibrate, fitCalibrator } from "../models/calibrator.js";
import { sigmoid } from "../models/logistic.js";
import { type Predictor, predictLogits, predictProbability } from "../models/predictor.js";
import type { Epoch, FoldFit } from "./fold-fit.js";
import type { TrainingSettings } from "./settings.js";
import type { SliceRows } from "./slice-rows.js";
import { saidAtUntested, type UntestedRows } from "./untested-rows.js";

/**
 * What every model does after its weights are fitted: the calibrator on the calibration slice, then the test rows, and
 * the other rows of the test's time.
 *
 * @param fitted - scaler and model, fitted on earlier slices
 * @param how.calibrator - which calibrator ships with the model
 * @param how.history - the model's epochs; empty without any
 */
export async function finishFold(
  dataset: Dataset,
  { rows, counts, untested }: SliceRows,
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
  const predictor = { featureNames, ...fitted, calibrator };
  return {
    predictor,
    counts,
    calibrateRows: rows.calibrate,
    calibrateLogits,
    testRows: rows.test,
    testLogits,
    rawProbability: testLogits.map(sigmoid),
    probability: calibrate(calibrator, testLogits),
    untestedRows: untested.rows,
    untestedProbability: await predictUntested(predictor, inputs, untested),
    history,
  };
}

/**
 * What a predictor says of rows of the test's time that are no test rows.
 *
 * @returns calibrated probabilities of "up"; NaN where it cannot be asked
 */
export async function predictUntested(
  predictor: Predictor,
  inputs: Float32Array,
  untested: UntestedRows,
): Promise<Float64Array> {
  const { asked } = untested;
  const isAsked = asked.length > 0;
  const said = isAsked ? await predictProbability(predictor, inputs, asked) : new Float64Array(0);
  return saidAtUntested(untested, said);
}
