// Had the baseline's columns and prior been picked by their score, how much of that score would be luck?
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { COLUMN_SETS, type ColumnSet, columnsAmong } from "../dataset/column-sets.js";
import type { Dataset } from "../dataset/matrix.js";
import { narrowed } from "../dataset/narrowed.js";
import { fitLogistic, logisticLogits, sigmoid } from "../models/logistic.js";
import { scaledRows } from "../models/predictor.js";
import { fitStandardScaler } from "../models/standard-scaler.js";
import type { Store } from "../store/store.js";
import { LOGISTIC_SETTINGS } from "../training/settings.js";
import { type Experiment, trainModel } from "./experiment.js";
import {
  type Configuration,
  type Overfitting,
  type OverfittingOptions,
  overfitting,
} from "./overfitting.js";

/** Deviations of the prior that are tried on each set of columns: weights held close, as usual, and hardly held. */
const PRIORS: readonly number[] = [0.01, 0.1, 1];

/** How to draw, besides how to split. */
export interface BaselineOverfittingOptions extends OverfittingOptions {
  readonly seed: number;
}

/**
 * Fits the logistic baseline on combinatorial splits of the whole time, once for each set of columns and each prior. Each such
 * configuration is a trial of the experiment, fitted on its folds and recorded: who looks at these scores has tried it. Its fits
 * on the splits are no further trials. They choose nothing and none is kept; they show what choosing among the trials does.
 *
 * @returns scores over all paths and the probability of overfitting; or what is missing
 * @throws {DataError} the data cannot be fitted, or the ledger does not hold what was written
 */
export async function baselineOverfitting(
  store: Store,
  experiment: Experiment | Shortfall,
  { seed, ...options }: BaselineOverfittingOptions,
): Promise<Overfitting | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  const { dataset } = experiment;
  const sets = COLUMN_SETS.filter((set) => columnsAmong(set, dataset.featureNames).length > 0);
  const configurations: Configuration[] = [];
  for (const columns of sets) {
    const own = narrowed(dataset, columnsAmong(columns, dataset.featureNames));
    for (const prior of PRIORS) {
      const settings = { ...LOGISTIC_SETTINGS, columns, priorDeviations: [prior] };
      const trial = await trainModel(store, experiment, settings, { seed });
      if (isShortfall(trial)) return trial;
      configurations.push(configuration(own, columns, prior));
    }
  }
  return await overfitting(dataset, configurations, options);
}

function configuration(own: Dataset, set: ColumnSet, priorDeviation: number): Configuration {
  const { inputs, outcome, featureNames: names, horizonBars: overlapBars } = own;
  return {
    name: `${set}, prior ${priorDeviation}`,
    fit: async (_, train, test) => {
      const scaler = fitStandardScaler(inputs, names, train);
      const known = Float64Array.from(train, (row) => outcome[row]!);
      const scaled = scaledRows(scaler, inputs, train);
      const data = { inputs: scaled, outcome: known, names, overlapBars };
      const model = await fitLogistic(data, priorDeviation);
      return logisticLogits(model, scaledRows(scaler, inputs, test)).map(sigmoid);
    },
  };
}
