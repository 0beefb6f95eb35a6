import { requireSameLength } from "../core/columns.js";
import { type RankedRows, rankRows } from "./order.js";

/**
 * Area under the ROC curve: the chance that an "up" row has a higher probability than a "down" row, ties half.
 *
 * @param probability - n scores in any range
 * @param outcome - n outcomes in [0, 1]; a tied outcome is half an up and half a down
 * @returns in [0, 1], ½ without skill; NaN when one class is missing
 * @throws {ShapeError} the lengths differ
 */
export function auc(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  requireSameLength({ probability, outcome });
  const ranked = rankRows(probability, outcome);
  return weightedAuc(ranked, new Uint32Array(probability.length).fill(1));
}

/**
 * The same where each row counts as often as its weight says.
 *
 * @param weight - n counts in the order of the ranks
 */
export function weightedAuc({ probability, outcome }: RankedRows, weight: Uint32Array): number {
  // A missing probability sorts last.
  if (Number.isNaN(probability.at(-1))) return Number.NaN;
  let downBelow = 0;
  let ups = 0;
  let area = 0;
  for (let i = 0; i < probability.length; ) {
    const p = probability[i]!;
    let up = 0;
    let count = 0;
    for (; i < probability.length && probability[i] === p; i++) {
      count += weight[i]!;
      up += weight[i]! * outcome[i]!;
    }
    area += up * (downBelow + (count - up) / 2);
    ups += up;
    downBelow += count - up;
  }
  return ups === 0 || downBelow === 0 ? Number.NaN : area / (ups * downBelow);
}
