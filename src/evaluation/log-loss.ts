import { requireSameLength } from "../core/columns.js";
import { rowLogLoss } from "../core/row-log-loss.js";
import { mean } from "../core/statistics.js";

/**
 * Mean negative log-likelihood in nats; a tie counts half to each side.
 *
 * @param probability - n probabilities of "up"
 * @param outcome - n outcomes in [0, 1]
 * @returns at least 0, lower is better; ln 2 for a constant ½
 * @throws {ShapeError} the lengths differ
 */
export function logLoss(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  const rows = requireSameLength({ probability, outcome });
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += rowLogLoss(probability[i]!, outcome[i]!);
  return sum / rows;
}

/**
 * Share of the base rate's log-loss that a model saves: 1 − loss / loss(base rate of these rows).
 *
 * @returns at most 1; 0 for the base rate itself; NaN when all outcomes are equal
 * @throws {ShapeError} the lengths differ
 */
export function logLossSkillScore(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
): number {
  const up = mean(outcome);
  if (up === 0 || up === 1) return Number.NaN;
  const reference = logLoss(new Float64Array(outcome.length).fill(up), outcome);
  return 1 - logLoss(probability, outcome) / reference;
}
