import { DataError } from "../core/errors.js";

/** Whether the two sides count alike in the loss, row by row or as sides. */
export type ClassWeights = "none" | "balanced";

/** What the loss of a row is multiplied with, by its outcome in [0, 1]. */
export type RowWeight = (outcome: number) => number;

/**
 * Weights under which both sides of the training rows count the same in all: n/(2·up) for "up" and n/(2·down) for "down", where
 * a tie counts half on each side and weighs their mean. The mean weight of the training rows is 1, so that learning rate and
 * clipping mean the same as without.
 *
 * @param outcome - of all rows of a dataset
 * @param train - the training rows; no other row is looked at
 * @returns undefined for `none`
 * @throws {DataError} all training rows are of one side
 */
export function classWeights(
  kind: ClassWeights,
  outcome: Float32Array,
  train: Uint32Array,
): RowWeight | undefined {
  // Settings of older trials do not say.
  if (kind !== "balanced") return undefined;
  const up = train.reduce((sum, row) => sum + outcome[row]!, 0);
  const down = train.length - up;
  if (up === 0 || down === 0) {
    throw new DataError({
      message: `all ${train.length} training rows went ${up === 0 ? "down" : "up"}: no weights balance them`,
      fix: "give more days, or classWeights none",
    });
  }
  const [ofUp, ofDown] = [train.length / (2 * up), train.length / (2 * down)];
  return (y) => y * ofUp + (1 - y) * ofDown;
}
