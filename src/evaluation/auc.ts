import { requireSameLength } from "../core/columns.js";
import { orderByProbability } from "./order.js";

/**
 * Area under the ROC curve: the chance that an "up" row has a higher probability than a "down" row, ties half.
 *
 * @param probability - n scores in any range
 * @param outcome - n outcomes in [0, 1]; a tied outcome is half an up and half a down
 * @returns in [0, 1], ½ without skill; NaN when one class is missing
 * @throws {ShapeError} the lengths differ
 */
export function auc(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  const rows = requireSameLength({ probability, outcome });
  const order = orderByProbability(probability);
  let downBelow = 0;
  let ups = 0;
  let area = 0;
  for (let start = 0; start < rows; ) {
    let end = start;
    let up = 0;
    while (end < rows && probability[order[end]!] === probability[order[start]!]) {
      up += outcome[order[end]!]!;
      end++;
    }
    if (end === start) return Number.NaN;
    const down = end - start - up;
    area += up * (downBelow + down / 2);
    ups += up;
    downBelow += down;
    start = end;
  }
  return ups === 0 || downBelow === 0 ? Number.NaN : area / (ups * downBelow);
}
