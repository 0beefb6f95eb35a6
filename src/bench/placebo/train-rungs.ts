import { concatenate } from "../../core/columns.js";
import { WorkbenchError } from "../../core/errors.js";
import { isShortfall, shortfallText } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import type { ModelPredictions } from "../../evaluation/evaluate.js";
import type { FoldFit } from "../../training/fold-fit.js";
import {
  BASE_LOGISTIC_SETTINGS,
  LOGISTIC_SETTINGS,
  modelName,
  RULE_SETTINGS,
  type TrainingSettings,
} from "../../training/settings.js";
import { trainFold } from "../../training/train-fold.js";

/** The ladder, from the rung that knows least: three rules, then a line through 33 features and one through 53. */
const RUNGS: readonly TrainingSettings[] = [
  ...RULE_SETTINGS,
  BASE_LOGISTIC_SETTINGS,
  LOGISTIC_SETTINGS,
];

/**
 * Trains every rung on every fold.
 *
 * @param seed - a rung may draw from it; none does
 * @returns what each says of the test rows
 * @throws {WorkbenchError} the market has too few days to train on
 */
export async function trainRungs(
  dataset: Dataset,
  folds: readonly Fold[],
  seed: number,
): Promise<readonly ModelPredictions[]> {
  const rungs: ModelPredictions[] = [];
  for (const settings of RUNGS) {
    const fits: FoldFit[] = [];
    for (const fold of folds) {
      const fit = await trainFold(dataset, fold, settings, seed);
      if (isShortfall(fit)) throw new WorkbenchError({ message: shortfallText(fit) });
      fits.push(fit);
    }
    rungs.push({
      model: modelName(settings),
      rows: Uint32Array.from(fits.flatMap(({ testRows }) => [...testRows])),
      probability: concatenate(fits.map(({ probability }) => probability)),
    });
  }
  return rungs;
}
