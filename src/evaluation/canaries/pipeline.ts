import type { Shortfall } from "../../core/shortfall.js";
import { assembleDataset } from "../../dataset/assemble-dataset.js";
import { type FoldSettings, walkForwardFolds } from "../../dataset/folds.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { LOGISTIC_SETTINGS, type LogisticSettings } from "../../training/settings.js";
import { trainLogistic } from "../../training/train-logistic.js";
import { eventSeries } from "./event-series.js";

/** The steps from a market's events to a fitted model; canaries run them as they stand. */
export interface Pipeline {
  /** Features and prices of a symbol from its events. */
  readonly series: typeof eventSeries;
  /** Inputs, labels and masks from features and prices. */
  readonly assemble: typeof assembleDataset;
  /** Slices from labels and masks. */
  readonly split: (
    dataset: Dataset,
    settings: Partial<FoldSettings>,
  ) => readonly Fold[] | Shortfall;
  /** The logistic baseline on a fold, and what it says of the test rows; the same bytes for the same data. */
  readonly fit: (
    dataset: Dataset,
    fold: Fold,
    settings: LogisticSettings,
  ) => Promise<FoldFit | Shortfall>;
}

/** The steps of the logistic baseline. */
export const BASELINE: Pipeline = {
  series: eventSeries,
  assemble: assembleDataset,
  split: walkForwardFolds,
  fit: trainLogistic,
};

/**
 * What canaries that are scored fit with: a prior that is not chosen. Of noise cross-validation makes a model that always
 * says the same, which scores as chance does whatever leaks.
 */
export const FREE_SETTINGS: LogisticSettings = { ...LOGISTIC_SETTINGS, priorDeviations: [0.1] };
