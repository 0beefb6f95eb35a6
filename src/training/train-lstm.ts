// How is the LSTM trained? Rows that have a whole window, scaler, model, epochs, calibrator, test.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { buildLstm, type Lstm, lstmLayout, lstmLossAndGradient } from "../models/lstm.js";
import { fitStandardScaler } from "../models/standard-scaler.js";
import { loadTensorflow } from "../models/tensorflow.js";
import type { FoldFit } from "./fold-fit.js";
import type { LstmSettings } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";
import { startLine } from "./start-line.js";
import type { Learner, TrainingHooks } from "./train-epochs.js";
import { trainNetwork } from "./train-network.js";

/**
 * Trains an LSTM on one fold. The same dataset, settings and seed give the same bits on one machine, also when the run is
 * killed and resumed from its checkpoint.
 *
 * @param seed - of initial weights, batch order and dropout
 * @returns the fit with the weights of the best epoch; or what is missing
 * @throws {DataError} the loss was NaN; names the batch
 */
export async function trainLstm(
  dataset: Dataset,
  fold: Fold,
  settings: LstmSettings,
  seed: number,
  hooks: TrainingHooks = {},
): Promise<FoldFit | Shortfall> {
  // The ledger has trials of before there were layer norms.
  const { steps, units, layers, layerNorm = false } = settings;
  const slices = rowsWithWindow(dataset, fold, steps, "LSTM");
  if (isShortfall(slices)) return slices;
  const { train } = slices.rows;
  const { tf } = await loadTensorflow();
  const scaler = fitStandardScaler(dataset.inputs, dataset.featureNames, train);
  const shape = { inputSize: dataset.featureNames.length, steps, units, layers, layerNorm };
  const lstm = (parameters: Float32Array): Lstm => ({ ...shape, kind: "lstm", parameters });
  const learner: Learner = {
    scaler,
    layout: lstmLayout(shape),
    steps,
    keepSize: layers * units,
    start: async () => {
      const line = await startLine(dataset, scaler, train, settings.startPriorDeviation);
      return buildLstm(shape, seed, line).parameters;
    },
    model: lstm,
    lossGradient: (parameters, windows, outcome, options) =>
      lstmLossAndGradient(tf, lstm(parameters), windows, outcome, options),
  };
  return await trainNetwork(dataset, slices, learner, { settings, seed, hooks });
}
