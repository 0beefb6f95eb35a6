import type { Dataset, Fold } from "../../dataset/matrix.js";
import type { LedgerState } from "../../registry/ledger-state.js";
import type { TrainedModel } from "../../training/trained-model.js";
import { blindToFuture } from "./blind-to-future.js";
import type { Canary } from "./canary.js";
import type { CanaryShortfall } from "./canary-shortfall.js";
import { refittable } from "./refittable.js";
import { refittedModels } from "./refitted-models.js";

/**
 * What is asked of each evaluated model by itself.
 *
 * @param folds - those of the models, in time order
 * @param options.state - of the ledger that has their trials
 * @returns canaries in the order they are printed, and what was missing for others
 * @throws {DataError} altered data cannot be fitted
 */
export async function modelCanaries(
  dataset: Dataset,
  folds: readonly Fold[],
  models: readonly TrainedModel[],
  { seed, state }: { readonly seed: number; readonly state: Pick<LedgerState, "trials"> },
): Promise<readonly (Canary | CanaryShortfall)[]> {
  const asked = await refittable(models, state);
  const refitted = await refittedModels(dataset, folds, asked, { seed });
  return [...refitted, ...(await blindToFuture(dataset, asked, { seed }))];
}
