// What does training take of a multilayer perceptron?
import type { Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { buildMlp, type Mlp, mlpLayout, mlpLossAndGradient } from "../models/mlp.js";
import { loadTensorflow } from "../models/tensorflow.js";
import type { FoldFit } from "./fold-fit.js";
import type { MlpSettings } from "./settings.js";
import type { TrainingHooks } from "./train-epochs.js";
import { type TrainedNetwork, trainNetwork } from "./train-network.js";

/**
 * Trains a multilayer perceptron on one fold, as `trainNetwork` does.
 *
 * @param seed - of initial weights, batch order and dropout
 * @returns the fit with the weights of the best epoch; or what is missing
 * @throws {DataError} the loss was NaN; names the batch
 */
export async function trainMlp(
  dataset: Dataset,
  fold: Fold,
  settings: MlpSettings,
  seed: number,
  hooks: TrainingHooks = {},
): Promise<FoldFit | Shortfall> {
  const { units } = settings;
  const { tf } = await loadTensorflow();
  const shape = { inputSize: dataset.featureNames.length, units };
  const mlp = (parameters: Float32Array): Mlp => ({ ...shape, kind: "mlp", parameters });
  const network: TrainedNetwork = {
    name: "multilayer perceptron",
    layout: mlpLayout(shape),
    steps: 1,
    keepSize: units.reduce((sum, size) => sum + size, 0),
    build: (line) => buildMlp(shape, seed, line).parameters,
    model: mlp,
    lossGradient: (parameters, { values }, outcome, options) =>
      mlpLossAndGradient(tf, mlp(parameters), values, outcome, options),
  };
  return await trainNetwork(dataset, fold, network, { settings, seed, hooks });
}
