import { type ConfusionMatrix, confusionMatrix } from "./confusion-matrix.js";

/**
 * Correlation of what was called with what came:
 * (TP·TN − FP·FN) / √((TP + FP)(TP + FN)(TN + FP)(TN + FN)).
 *
 * @param probability - n probabilities of "up", in [0, 1]
 * @param outcome - n outcomes: 1 up, 0 down, ½ tie, which is half of each
 * @returns in [−1, 1]; 0 without skill, and, as scikit-learn has it, where all calls or all outcomes are the same; NaN
 *   without rows
 * @throws {ShapeError} the lengths differ
 * @see Matthews (1975), Comparison of the Predicted and Observed Secondary Structure of T4 Phage Lysozyme
 */
export function matthewsCorrelation(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
): number {
  return matthewsCorrelationOf(confusionMatrix(probability, outcome));
}

/** The same of a matrix that is there. */
export function matthewsCorrelationOf(matrix: ConfusionMatrix): number {
  const { truePositive, falsePositive, falseNegative, trueNegative } = matrix;
  const association = truePositive * trueNegative - falsePositive * falseNegative;
  const calls = (truePositive + falsePositive) * (trueNegative + falseNegative);
  const outcomes = (truePositive + falseNegative) * (trueNegative + falsePositive);
  const rows = truePositive + falsePositive + falseNegative + trueNegative;
  if (rows === 0) return Number.NaN;
  return calls * outcomes === 0 ? 0 : association / Math.sqrt(calls * outcomes);
}
