import type { Shortfall } from "../../core/shortfall.js";
import { assembleDataset } from "../../dataset/assemble-dataset.js";
import { type FoldSettings, walkForwardFolds } from "../../dataset/folds.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { LOGISTIC_SETTINGS } from "../../training/settings.js";
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
  /** A model on a fold, and what it says of the test rows; the same bytes for the same data. */
  readonly fit: (dataset: Dataset, fold: Fold) => Promise<FoldFit | Shortfall>;
}

/** The steps of the logistic baseline. */
export const BASELINE: Pipeline = {
  series: eventSeries,
  assemble: assembleDataset,
  split: walkForwardFolds,
  fit: (dataset, fold) => trainLogistic(dataset, fold, LOGISTIC_SETTINGS),
};
