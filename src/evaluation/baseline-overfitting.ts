// Had the baseline's columns and prior been picked by their score, how much of that score would be luck?
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { columnsAmong, setsAmong } from "../dataset/column-sets.js";
import { narrowed } from "../dataset/narrowed.js";
import type { Store } from "../store/store.js";
import { LOGISTIC_SETTINGS } from "../training/settings.js";
import { ColumnFits } from "./column-fits.js";
import { type Experiment, trainModel } from "./experiment.js";
import { type Overfitting, type OverfittingOptions, overfitting } from "./overfitting.js";

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
  const sets = setsAmong(dataset.featureNames);
  for (const columns of sets) {
    for (const prior of PRIORS) {
      const settings = { ...LOGISTIC_SETTINGS, columns, priorDeviations: [prior] };
      const trial = await trainModel(store, experiment, settings, {
        seed,
        part: "overfitting",
      });
      if (isShortfall(trial)) return trial;
    }
  }
  const columns = sets.map((set) => {
    return new ColumnFits(set, narrowed(dataset, columnsAmong(set, dataset.featureNames)));
  });
  try {
    const configurations = columns.flatMap((fits) => PRIORS.map((prior) => fits.under(prior)));
    return await overfitting(dataset, configurations, options);
  } finally {
    for (const fits of columns) fits.dispose();
  }
}
