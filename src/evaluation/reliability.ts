import { requireSameLength } from "../core/columns.js";
import { orderByProbability } from "./order.js";

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  readonly rows: number;
  readonly meanProbability: number;
  readonly upRate: number;
}

/**
 * Bins of equal mass by probability. Rows of equal probability are never split, so that a constant forecast is one bin.
 *
 * @param probability - n probabilities of "up"
 * @param outcome - n outcomes in [0, 1]
 * @param options.bins - how many bins at most
 * @returns bins from low to high probability; none without rows
 * @throws {ShapeError} the lengths differ
 */
export function reliabilityBins(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
  { bins = 10 }: { readonly bins?: number } = {},
): readonly ReliabilityBin[] {
  const rows = requireSameLength({ probability, outcome });
  const order = orderByProbability(probability);
  const result: ReliabilityBin[] = [];
  let start = 0;
  for (let bin = 1; bin <= bins && start < rows; bin++) {
    let end = Math.max(start + 1, Math.round((bin * rows) / bins));
    while (end < rows && probability[order[end]!] === probability[order[end - 1]!]) end++;
    if (bin === bins) end = rows;
    let sumProbability = 0;
    let sumOutcome = 0;
    for (let i = start; i < end; i++) {
      sumProbability += probability[order[i]!]!;
      sumOutcome += outcome[order[i]!]!;
    }
    const size = end - start;
    result.push({ rows: size, meanProbability: sumProbability / size, upRate: sumOutcome / size });
    start = end;
  }
  return result;
}
