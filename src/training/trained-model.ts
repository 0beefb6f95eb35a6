import { concatenate } from "../core/columns.js";
import type { FoldFit } from "./fold-fit.js";
import type { TrainingSettings } from "./settings.js";

/** A model trained on every fold, as it was fitted or as it was loaded from its bundle. */
export interface TrainedModel {
  /** As `modelName` gives it: `majority`, `logistic`, `logistic-base`, `mlp`, `lstm`, `transformer` and so on. */
  readonly name: string;
  /** Key of its trial. */
  readonly key: string;
  /** First twelve characters of the trial's key; `name@version` names the bundle. */
  readonly version: string;
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** The TensorFlow library that was there to compute it: `native 2.21.0`. */
  readonly backend: string;
  readonly folds: readonly FoldFit[];
  /** Test rows of all folds, one fold after the other. */
  readonly testRows: Uint32Array;
  /** Probability of "up" at each test row before calibration. */
  readonly rawProbability: Float64Array;
  /** The same, calibrated by the fold's own calibrator. */
  readonly probability: Float64Array;
  /** Other rows of the test's time, of all folds, and what the model says there; NaN where it cannot be asked. */
  readonly untested: UntestedPredictions;
  /** Test figures, and what the audit took from the fit or never saw, as the trial ledger has them. */
  readonly figures: Readonly<Record<string, number>>;
  /** Trials in the ledger when this one was recorded or loaded, itself included. */
  readonly trials: number;
  /** True when nothing was fitted: the bundle of an earlier run was loaded. */
  readonly isLoaded: boolean;
  /** Seconds an epoch took when the model was fitted; NaN for models without epochs. */
  readonly secondsPerEpoch: number;
}

/** Rows of the test's time that are no test rows to a model: they are traded and never scored. */
export interface UntestedPredictions {
  readonly rows: Uint32Array;
  /** Of "up", calibrated; NaN where the model cannot be asked. */
  readonly probability: Float64Array;
}

/** What is known of a model beside its fits. */
type ModelFacts = Omit<
  TrainedModel,
  "folds" | "testRows" | "rawProbability" | "probability" | "untested"
>;

/** Joins the test predictions of all folds to a trained model. */
export function trainedModel(folds: readonly FoldFit[], facts: ModelFacts): TrainedModel {
  const joinRows = (parts: readonly Uint32Array[]): Uint32Array =>
    Uint32Array.from(parts.flatMap((part) => [...part]));
  return {
    ...facts,
    folds,
    testRows: joinRows(folds.map(({ testRows }) => testRows)),
    rawProbability: concatenate(folds.map((fold) => fold.rawProbability)),
    probability: concatenate(folds.map((fold) => fold.probability)),
    untested: {
      rows: joinRows(folds.map(({ untestedRows }) => untestedRows)),
      probability: concatenate(folds.map((fold) => fold.untestedProbability)),
    },
  };
}
