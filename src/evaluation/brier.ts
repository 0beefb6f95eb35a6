import { requireSameLength } from "../core/columns.js";
import { mean } from "../core/statistics.js";

/**
 * Mean squared distance of probability and outcome.
 *
 * @param probability - n probabilities of "up"
 * @param outcome - n outcomes in [0, 1]
 * @returns in [0, 1], lower is better; ¼ for a constant ½
 * @throws {ShapeError} the lengths differ
 * @see Brier (1950), Verification of Forecasts Expressed in Terms of Probability
 */
export function brierLoss(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  const rows = requireSameLength({ probability, outcome });
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += (probability[i]! - outcome[i]!) ** 2;
  return sum / rows;
}

/**
 * Share of the base rate's Brier loss that a model saves: 1 − loss / loss(base rate).
 *
 * @returns at most 1; 0 for the base rate itself, which is that of the very rows tested and so hard to beat;
 *   NaN when all outcomes are equal
 * @throws {ShapeError} the lengths differ
 */
export function brierSkillScore(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
): number {
  const up = mean(outcome);
  const reference = brierLoss(new Float64Array(outcome.length).fill(up), outcome);
  return reference === 0 ? Number.NaN : 1 - brierLoss(probability, outcome) / reference;
}
