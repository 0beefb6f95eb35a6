// What does training take of an LSTM?
import type { Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { buildLstm, type Lstm, lstmLayout, lstmLossAndGradient } from "../models/lstm.js";
import { loadTensorflow } from "../models/tensorflow.js";
import type { FoldFit } from "./fold-fit.js";
import type { LstmSettings } from "./settings.js";
import type { TrainingHooks } from "./train-epochs.js";
import { type TrainedNetwork, trainNetwork } from "./train-network.js";

/**
 * Trains an LSTM on one fold, as `trainNetwork` does.
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
  const { tf } = await loadTensorflow();
  const shape = { inputSize: dataset.featureNames.length, steps, units, layers, layerNorm };
  const lstm = (parameters: Float32Array): Lstm => ({ ...shape, kind: "lstm", parameters });
  const network: TrainedNetwork = {
    name: "LSTM",
    layout: lstmLayout(shape),
    steps,
    keepSize: layers * units,
    build: (line) => buildLstm(shape, seed, line).parameters,
    model: lstm,
    lossGradient: (parameters, windows, outcome, options) =>
      lstmLossAndGradient(tf, lstm(parameters), windows, outcome, options),
  };
  return await trainNetwork(dataset, fold, network, { settings, seed, hooks });
}
