import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { fitLogistic } from "../models/logistic.js";
import { scaledRows } from "../models/predictor.js";
import { fitStandardScaler } from "../models/standard-scaler.js";
import { finishFold } from "./finish-fold.js";
import type { FoldFit } from "./fold-fit.js";
import type { LogisticSettings } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";

/**
 * Trains the logistic baseline on one fold. It has no epochs to stop, so the early-stop slice is training data to it.
 *
 * @returns the fit; or what is missing
 * @throws {DataError} an input without a value, or one class only
 */
export async function trainLogistic(
  dataset: Dataset,
  fold: Fold,
  settings: LogisticSettings,
): Promise<FoldFit | Shortfall> {
  const slices = rowsWithWindow(dataset, fold, 1, "logistic baseline");
  if (isShortfall(slices)) return slices;
  const { rows } = slices;
  const train = concat(rows.train, rows.earlyStop);
  const scaler = fitStandardScaler(dataset.inputs, dataset.featureNames, train);
  const outcome = Float64Array.from(train, (row) => dataset.outcome[row]!);
  const model = fitLogistic(scaledRows(scaler, dataset.inputs, train), outcome, {
    priorDeviation: settings.priorDeviation,
    overlapBars: dataset.horizonBars,
  });
  return await finishFold(
    dataset,
    slices,
    { scaler, model },
    {
      calibrator: settings.calibrator,
      history: [],
    },
  );
}

function concat(a: Uint32Array, b: Uint32Array): Uint32Array {
  const all = new Uint32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
