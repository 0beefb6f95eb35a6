import { WorkbenchError } from "../../core/errors.js";
import { isShortfall, shortfallText } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { fitTrial } from "../../evaluation/fit-trial.js";
import type { FitOptions } from "../../training/fit-or-load.js";
import {
  BASE_LOGISTIC_SETTINGS,
  LOGISTIC_SETTINGS,
  RULE_SETTINGS,
  type TrainingSettings,
} from "../../training/settings.js";
import type { TrainedModel } from "../../training/trained-model.js";

/** The ladder, from the rung that knows least: three rules, then a line through 33 features and one through 53. */
const RUNGS: readonly TrainingSettings[] = [
  ...RULE_SETTINGS,
  BASE_LOGISTIC_SETTINGS,
  LOGISTIC_SETTINGS,
];

/**
 * Trains every rung on every fold; each is a trial of the ledger.
 *
 * @throws {WorkbenchError} the market has too few days to train on
 */
export async function trainRungs(
  dataset: Dataset,
  folds: readonly Fold[],
  options: FitOptions,
): Promise<readonly TrainedModel[]> {
  const rungs: TrainedModel[] = [];
  for (const settings of RUNGS) {
    const rung = await fitTrial(dataset, folds, settings, options);
    if (isShortfall(rung)) throw new WorkbenchError({ message: shortfallText(rung) });
    rungs.push(rung);
  }
  return rungs;
}
