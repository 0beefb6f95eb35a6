import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { narrowed } from "../../dataset/narrowed.js";
import { calibrate } from "../../models/calibrator.js";
import { predictLogits } from "../../models/predictor.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { modelName, type TrainingSettings } from "../../training/settings.js";
import { trainFold } from "../../training/train-fold.js";
import type { TrainedModel } from "../../training/trained-model.js";
import { type ActedOn, actedOn } from "../acted-on.js";

/** A model that is evaluated, and what may be asked of it here. */
export interface EvaluatedModel extends Pick<TrainedModel, "name" | "settings" | "seed" | "folds"> {
  /** Whether the same computation gives the same bits here each time; not on a GPU. */
  readonly isRepeatable: boolean;
  /** Whether it was fitted by the code that fits here. */
  readonly isOfThisCode: boolean;
  /** What may have summed in another order than is summed here, so that the last bits differ. */
  readonly sums: "as here" | "by other threads, another processor or library" | "on a GPU";
}

/** What a fit says of some rows. */
export interface Said {
  readonly logits: Float64Array;
  readonly probability: Float64Array;
}

/** The steps from a dataset to what is evaluated of a model; its canaries run them as they stand. */
export interface ModelSteps {
  /** Fits a fold by any settings, and says something of its test rows. */
  readonly train: typeof trainFold;
  /** Log-odds before calibration and calibrated probabilities of "up". */
  readonly predict: (
    fit: Pick<FoldFit, "predictor">,
    dataset: Dataset,
    rows: Uint32Array,
  ) => Promise<Said>;
  /** Sets how sure a model must be to act. */
  readonly act: (dataset: Dataset, folds: readonly FoldFit[], coverage: number) => ActedOn;
}

/** The steps of all models. */
export const MODEL_STEPS: ModelSteps = { train: trainFold, predict: predictRows, act: actedOn };

/**
 * A model as it would be evaluated here, fitted fold by fold by any steps.
 *
 * @param how.seedOfBytes - what it is fitted with, where that is not the seed that it names
 * @returns what is missing for a fold
 */
export async function fittedHere(
  dataset: Dataset,
  folds: readonly Fold[],
  settings: TrainingSettings,
  {
    train,
    seed,
    seedOfBytes = seed,
  }: Pick<ModelSteps, "train"> & { readonly seed: number; readonly seedOfBytes?: number },
): Promise<EvaluatedModel | Shortfall> {
  const fits: FoldFit[] = [];
  for (const fold of folds) {
    const one = await train(dataset, fold, settings, seedOfBytes);
    if (isShortfall(one)) return one;
    fits.push(one);
  }
  const here = { isRepeatable: true, isOfThisCode: true, sums: "as here" } as const;
  return { name: modelName(settings), settings, seed, folds: fits, ...here };
}

async function predictRows(
  { predictor }: Pick<FoldFit, "predictor">,
  dataset: Dataset,
  rows: Uint32Array,
): Promise<Said> {
  const { featureNames, calibrator } = predictor;
  const { inputs } = narrowed(dataset, featureNames);
  const logits = await predictLogits(predictor, inputs, rows);
  return { logits, probability: calibrate(calibrator, logits) };
}
