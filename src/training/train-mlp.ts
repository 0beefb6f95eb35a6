// How is the multilayer perceptron trained? Rows, scaler, model, epochs, calibrator, test.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { buildMlp, type Mlp, mlpLayout, mlpLossAndGradient } from "../models/mlp.js";
import { fitStandardScaler } from "../models/standard-scaler.js";
import { loadTensorflow } from "../models/tensorflow.js";
import type { FoldFit } from "./fold-fit.js";
import type { MlpSettings } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";
import { startLine } from "./start-line.js";
import type { Learner, TrainingHooks } from "./train-epochs.js";
import { trainNetwork } from "./train-network.js";

/**
 * Trains a multilayer perceptron on one fold. The same dataset, settings and seed give the same bits on one machine, also
 * when the run is killed and resumed from its checkpoint.
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
  const slices = rowsWithWindow(dataset, fold, 1, "multilayer perceptron");
  if (isShortfall(slices)) return slices;
  const { train } = slices.rows;
  const { units } = settings;
  const { tf } = await loadTensorflow();
  const scaler = fitStandardScaler(dataset.inputs, dataset.featureNames, train);
  const shape = { inputSize: dataset.featureNames.length, units };
  const mlp = (parameters: Float32Array): Mlp => ({ ...shape, kind: "mlp", parameters });
  const learner: Learner = {
    scaler,
    layout: mlpLayout(shape),
    steps: 1,
    keepSize: units.reduce((sum, size) => sum + size, 0),
    start: async () => {
      const line = await startLine(dataset, scaler, train, settings.startPriorDeviation);
      return buildMlp(shape, seed, line).parameters;
    },
    model: mlp,
    lossGradient: (parameters, { values }, outcome, options) =>
      mlpLossAndGradient(tf, mlp(parameters), values, outcome, options),
  };
  return await trainNetwork(dataset, slices, learner, { settings, seed, hooks });
}
