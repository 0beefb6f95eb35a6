import type { Dataset } from "../dataset/matrix.js";
import { finishFold } from "./finish-fold.js";
import type { FoldFit } from "./fold-fit.js";
import type { EpochSettings } from "./settings.js";
import type { SliceRows } from "./slice-rows.js";
import { type Learner, type TrainingHooks, trainEpochs } from "./train-epochs.js";

/**
 * What is alike for every network: epochs until the early-stop slice says so, then calibrator and test rows.
 *
 * @param seed - of batch order and dropout
 * @throws {DataError} the loss was NaN; names the batch
 */
export async function trainNetwork(
  dataset: Dataset,
  slices: SliceRows,
  learner: Learner,
  {
    settings,
    seed,
    hooks,
  }: {
    readonly settings: EpochSettings;
    readonly seed: number;
    readonly hooks: TrainingHooks;
  },
): Promise<FoldFit> {
  const { scaler } = learner;
  const { rows } = slices;
  const { model, history } = await trainEpochs(dataset, rows, learner, settings, seed, hooks);
  const how = { calibrator: settings.calibrator, history };
  return await finishFold(dataset, slices, { scaler, model }, how);
}
