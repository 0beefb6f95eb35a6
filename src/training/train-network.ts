// What is alike for every network: rows that have a whole window, scaler, epochs, calibrator, test.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import type { Logistic } from "../models/logistic.js";
import { fitStandardScaler } from "../models/standard-scaler.js";
import { finishFold } from "./finish-fold.js";
import type { FoldFit } from "./fold-fit.js";
import type { EpochSettings } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";
import { startLine } from "./start-line.js";
import { type Learner, type TrainingHooks, trainEpochs } from "./train-epochs.js";

/** What a network brings to its training; the rest is alike. */
export interface TrainedNetwork extends Omit<Learner, "scaler" | "start"> {
  /** For what is said when rows are short. */
  readonly name: string;
  /** Fresh parameters, from a line where there is one. */
  readonly build: (line: Logistic | undefined) => Float32Array;
}

/** How a network is trained. */
export interface NetworkTraining {
  readonly settings: EpochSettings;
  /** Of batch order and dropout. */
  readonly seed: number;
  readonly hooks: TrainingHooks;
}

/**
 * Trains a network on one fold. The same dataset, settings and seed give the same bits on one machine, also when the run is
 * killed and resumed from its checkpoint.
 *
 * @returns the fit with the weights of the best epoch; or what is missing
 * @throws {DataError} the loss was NaN; names the batch
 */
export async function trainNetwork(
  dataset: Dataset,
  fold: Fold,
  { name, build, ...network }: TrainedNetwork,
  { settings, seed, hooks }: NetworkTraining,
): Promise<FoldFit | Shortfall> {
  const slices = rowsWithWindow(dataset, fold, network.steps, name);
  if (isShortfall(slices)) return slices;
  const { rows } = slices;
  const scaler = fitStandardScaler(dataset.inputs, dataset.featureNames, rows.train);
  const start = async (): Promise<Float32Array> =>
    build(await startLine(dataset, scaler, rows.train, settings.startPriorDeviation));
  const learner = { ...network, scaler, start };
  const { model, history } = await trainEpochs(dataset, rows, learner, settings, seed, hooks);
  const how = { calibrator: settings.calibrator, history };
  return await finishFold(dataset, slices, { scaler, model }, how);
}
