import { WorkbenchError } from "../../core/errors.js";
import { isShortfall, shortfallText } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { fitTrial } from "../../evaluation/fit-trial.js";
import type { FitOptions } from "../../training/fit-or-load.js";
import { BASELINE_LADDER } from "../../training/settings.js";
import type { TrainedModel } from "../../training/trained-model.js";

/**
 * Trains every rung of the baseline ladder but the perceptron on every fold; each is a trial of the ledger.
 *
 * @throws {WorkbenchError} the market has too few days to train on
 */
export async function trainRungs(
  dataset: Dataset,
  folds: readonly Fold[],
  options: FitOptions,
): Promise<readonly TrainedModel[]> {
  const rungs: TrainedModel[] = [];
  for (const settings of BASELINE_LADDER) {
    const rung = await fitTrial(dataset, folds, settings, options);
    if (isShortfall(rung)) throw new WorkbenchError({ message: shortfallText(rung) });
    rungs.push(rung);
  }
  return rungs;
}
