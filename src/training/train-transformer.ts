// What does training take of a Transformer?
import type { Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { loadTensorflow } from "../models/tensorflow.js";
import {
  buildTransformer,
  type Transformer,
  transformerLossAndGradient,
} from "../models/transformer.js";
import { transformerLayout } from "../models/transformer-shape.js";
import type { FoldFit } from "./fold-fit.js";
import type { TransformerSettings } from "./settings.js";
import type { TrainingHooks } from "./train-epochs.js";
import { type TrainedNetwork, trainNetwork } from "./train-network.js";

/**
 * Trains a Transformer on one fold, as `trainNetwork` does.
 *
 * @param seed - of initial weights, batch order and dropout
 * @returns the fit with the weights of the best epoch; or what is missing
 * @throws {DataError} the loss was NaN; names the batch
 * @throws {OptionError} the heads are no equal parts of the width
 */
export async function trainTransformer(
  dataset: Dataset,
  fold: Fold,
  settings: TransformerSettings,
  seed: number,
  hooks: TrainingHooks = {},
): Promise<FoldFit | Shortfall> {
  const { steps, width, heads, layers, feedForward, positions } = settings;
  const { tf } = await loadTensorflow();
  const sizes = { steps, width, heads, layers, feedForward, positions };
  const shape = { inputSize: dataset.featureNames.length, ...sizes };
  const transformer = (parameters: Float32Array): Transformer => {
    return { ...shape, kind: "transformer", parameters };
  };
  const network: TrainedNetwork = {
    name: "Transformer",
    layout: transformerLayout(shape),
    steps,
    keepSize: 2 * layers * width,
    build: (line) => buildTransformer(shape, seed, line).parameters,
    model: transformer,
    lossGradient: (parameters, windows, outcome, options) =>
      transformerLossAndGradient(tf, transformer(parameters), windows, outcome, options),
  };
  return await trainNetwork(dataset, fold, network, { settings, seed, hooks });
}
