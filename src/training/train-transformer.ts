// How is the Transformer trained? Rows that have a whole window, scaler, model, epochs, calibrator, test.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { fitStandardScaler } from "../models/standard-scaler.js";
import { loadTensorflow } from "../models/tensorflow.js";
import {
  buildTransformer,
  type Transformer,
  transformerLossAndGradient,
} from "../models/transformer.js";
import { type TransformerShape, transformerLayout } from "../models/transformer-shape.js";
import type { FoldFit } from "./fold-fit.js";
import type { TransformerSettings } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";
import { startLine } from "./start-line.js";
import type { Learner, TrainingHooks } from "./train-epochs.js";
import { trainNetwork } from "./train-network.js";

/**
 * Trains a Transformer on one fold. The same dataset, settings and seed give the same bits on one machine, also when the run is
 * killed and resumed from its checkpoint.
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
  const slices = rowsWithWindow(dataset, fold, steps, "Transformer");
  if (isShortfall(slices)) return slices;
  const { train } = slices.rows;
  const { tf } = await loadTensorflow();
  const scaler = fitStandardScaler(dataset.inputs, dataset.featureNames, train);
  const inputSize = dataset.featureNames.length;
  const shape: TransformerShape = {
    inputSize,
    steps,
    width,
    heads,
    layers,
    feedForward,
    positions,
  };
  const transformer = (parameters: Float32Array): Transformer => {
    return { ...shape, kind: "transformer", parameters };
  };
  const learner: Learner = {
    scaler,
    layout: transformerLayout(shape),
    steps,
    keepSize: 2 * layers * width,
    start: async () => {
      const line = await startLine(dataset, scaler, train, settings.startPriorDeviation);
      return buildTransformer(shape, seed, line).parameters;
    },
    model: transformer,
    lossGradient: (parameters, windows, outcome, options) =>
      transformerLossAndGradient(tf, transformer(parameters), windows, outcome, options),
  };
  return await trainNetwork(dataset, slices, learner, { settings, seed, hooks });
}
