import type { FoldFit } from "./fold-fit.js";
import type { TrainingSettings } from "./settings.js";

/** A model trained on every fold, as it was fitted or as it was loaded from its bundle. */
export interface TrainedModel {
  /** As `modelName` gives it: `majority`, `logistic`, `logistic-base`, `mlp`, `lstm` and so on. */
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
  /** Test figures, and what the audit took from the fit or never saw, as the trial ledger has them. */
  readonly figures: Readonly<Record<string, number>>;
  /** Trials in the ledger when this one was recorded or loaded, itself included. */
  readonly trials: number;
  /** True when nothing was fitted: the bundle of an earlier run was loaded. */
  readonly isLoaded: boolean;
  /** Seconds an epoch took when the model was fitted; NaN for models without epochs. */
  readonly secondsPerEpoch: number;
}

/** What is known of a model beside its fits. */
type ModelFacts = Omit<TrainedModel, "folds" | "testRows" | "rawProbability" | "probability">;

/** Joins the test predictions of all folds to a trained model. */
export function trainedModel(folds: readonly FoldFit[], facts: ModelFacts): TrainedModel {
  const join = (parts: readonly Float64Array[]): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...part]));
  return {
    ...facts,
    folds,
    testRows: Uint32Array.from(folds.flatMap(({ testRows }) => [...testRows])),
    rawProbability: join(folds.map((fold) => fold.rawProbability)),
    probability: join(folds.map((fold) => fold.probability)),
  };
}
