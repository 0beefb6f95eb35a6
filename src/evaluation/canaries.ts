// Would this evaluation notice a leak? Inputs whose right score is known go through the same steps as the models.
import type { Dataset, Fold } from "../dataset/matrix.js";
import { alteredTest } from "./canaries/altered-test.js";
import type { Canary } from "./canaries/canary.js";
import type { CanaryShortfall } from "./canaries/canary-shortfall.js";
import { labelReturnAmongInputs } from "./canaries/label-return.js";
import { BASELINE, type Pipeline } from "./canaries/pipeline.js";
import { randomWalks } from "./canaries/random-walk.js";
import { shuffledLabels } from "./canaries/shuffled-labels.js";

export type { Canary } from "./canaries/canary.js";
export {
  type CanaryRuns,
  type CanaryShortfall,
  canaryRuns,
  namesText,
  notRunText,
} from "./canaries/canary-shortfall.js";

/** How canaries are run. */
export interface CanaryOptions {
  readonly seed: number;
  /** What is put to the test; default the steps of the logistic baseline. */
  readonly pipeline?: Pipeline;
  /** Random walks; default as many as make up some ten thousands of bars, and tell luck. */
  readonly walks?: number;
  /** Called before each of them, with how many there are. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Runs all canaries. The test of every fold is altered, since each has edges of its own; labels are shuffled and the label's
 * return is planted in the last fold alone, which has the most to be fitted on: more folds would fit the same code on less.
 * Random walks have folds of their own, in the last one's proportions.
 *
 * @param folds - those of the evaluated models, in time order
 * @returns the canaries in the order they are printed; in place of those that cannot be run what is missing
 * @throws {OptionError} an input is no feature, and cannot be rebuilt on a random walk
 * @throws {DataError} an input without a value, or one class only
 */
export async function runCanaries(
  dataset: Dataset,
  folds: readonly Fold[],
  { pipeline = BASELINE, onProgress, ...options }: CanaryOptions,
): Promise<readonly (Canary | CanaryShortfall)[]> {
  const last = folds.at(-1);
  if (last === undefined) return [];
  const canaries: (Canary | CanaryShortfall)[] = [];
  const runs = [
    () => shuffledLabels(dataset, last, pipeline, options.seed),
    () => randomWalks(dataset, last, pipeline, options),
    () => labelReturnAmongInputs(dataset, last, pipeline),
    () => alteredTest(dataset, folds, pipeline),
  ];
  for (const [i, run] of runs.entries()) {
    onProgress?.(i, runs.length);
    canaries.push(...[await run()].flat());
  }
  return canaries;
}
