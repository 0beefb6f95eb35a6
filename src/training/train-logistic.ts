import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { columnsAmong } from "../dataset/column-sets.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { narrowed } from "../dataset/narrowed.js";
import { timeBlocks } from "../dataset/time-blocks.js";
import { fitRows, type Logistic, logisticRows } from "../models/logistic.js";
import { scaledRows } from "../models/predictor.js";
import { fitStandardScaler, type StandardScaler } from "../models/standard-scaler.js";
import { choosePenalty, type PenaltyChoice } from "./choose-penalty.js";
import { finishFold } from "./finish-fold.js";
import type { FoldFit } from "./fold-fit.js";
import type { LogisticSettings } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";

/** Blocks of time that the penalty is chosen by. */
export const BLOCKS: number = 5;

/**
 * Trains the logistic baseline on one fold. It has no epochs to stop, so the early-stop slice is training data to it. The
 * penalty is chosen on the same rows, by cross-validation in time.
 *
 * @returns the fit; or what is missing
 * @throws {DataError} an input without a value, or one class only
 * @throws {OptionError} settings that name no prior
 */
export async function trainLogistic(
  dataset: Dataset,
  fold: Fold,
  settings: LogisticSettings,
): Promise<FoldFit | Shortfall> {
  const slices = rowsWithWindow(dataset, fold, 1, "logistic baseline");
  if (isShortfall(slices)) return slices;
  const { rows } = slices;
  const own =
    settings.columns === "full"
      ? dataset
      : narrowed(dataset, columnsAmong("base", dataset.featureNames));
  const train = concat(rows.train, rows.earlyStop);
  const scaler = fitStandardScaler(own.inputs, own.featureNames, train);
  const fitted = await fitLine(own, train, scaler, settings.priorDeviations);
  if (isShortfall(fitted)) return fitted;
  const { model, penalty } = fitted;
  const how = { calibrator: settings.calibrator, history: [] };
  return { ...(await finishFold(own, slices, { scaler, model }, how)), penalty };
}

async function fitLine(
  dataset: Dataset,
  train: Uint32Array,
  scaler: StandardScaler,
  priorDeviations: readonly number[],
): Promise<{ readonly model: Logistic; readonly penalty: PenaltyChoice } | Shortfall> {
  const rows = await logisticRows({
    inputs: scaledRows(scaler, dataset.inputs, train),
    outcome: Float64Array.from(train, (row) => dataset.outcome[row]!),
    names: dataset.featureNames,
    overlapBars: dataset.horizonBars,
  });
  try {
    const blocks = () => timeBlocks(dataset, train, BLOCKS);
    const penalty = choosePenalty(rows, blocks, priorDeviations);
    if (isShortfall(penalty)) return penalty;
    return { model: fitRows(rows, penalty.priorDeviation), penalty };
  } finally {
    rows.design.dispose();
  }
}

function concat(a: Uint32Array, b: Uint32Array): Uint32Array {
  const all = new Uint32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
