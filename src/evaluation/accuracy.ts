import { requireSameLength } from "../core/columns.js";
import { mean } from "../core/statistics.js";

/**
 * Share of rows whose more probable side came true. A tie on either hand (outcome ½, probability ½) is half right.
 *
 * @param probability - n probabilities of "up", in [0, 1]
 * @param outcome - n outcomes: 1 up, 0 down, ½ tie
 * @returns ratio in [0, 1], NaN without rows; read it beside `majorityRate`
 * @throws {ShapeError} the lengths differ
 */
export function accuracy(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  return mean(hits(probability, outcome));
}

/**
 * What each row adds to accuracy: 1 right, 0 wrong, ½ where the outcome or the probability is a tie.
 *
 * @throws {ShapeError} the lengths differ
 */
export function hits(probability: ArrayLike<number>, outcome: ArrayLike<number>): Float64Array {
  const rows = requireSameLength({ probability, outcome });
  const hit = new Float64Array(rows);
  for (let i = 0; i < rows; i++) hit[i] = chosenSideValue(probability[i]!, outcome[i]!);
  return hit;
}

/**
 * Value for "up" or its complement, by the side that a probability chooses; ½ when it chooses none.
 *
 * @param probability - of "up", decides the side; NaN gives NaN
 * @param valueOfUp - an outcome, or the true probability of "up"
 */
export function chosenSideValue(probability: number, valueOfUp: number): number {
  if (probability > 0.5) return valueOfUp;
  if (probability < 0.5) return 1 - valueOfUp;
  return probability === 0.5 ? 0.5 : Number.NaN;
}

/** Accuracy of always saying the more frequent side: the base rate of `accuracy`, never below ½. */
export function majorityRate(outcome: ArrayLike<number>): number {
  const up = mean(outcome);
  return Math.max(up, 1 - up);
}

/**
 * Accuracy to expect from the same share of "up" calls if they had nothing to do with the outcomes: q·π + (1−q)(1−π).
 *
 * @returns ratio in [0, 1]; accuracy above it is association, whatever the market's drift
 * @throws {ShapeError} the lengths differ
 */
export function chanceRate(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  const rows = requireSameLength({ probability, outcome });
  let upCalls = 0;
  for (let i = 0; i < rows; i++) upCalls += chosenSideValue(probability[i]!, 1);
  const called = upCalls / rows;
  const up = mean(outcome);
  return called * up + (1 - called) * (1 - up);
}
