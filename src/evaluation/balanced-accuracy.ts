import { type ConfusionMatrix, confusionMatrix } from "./confusion-matrix.js";

/**
 * Mean of the shares of ups and of downs that were called right: a constant call scores ½ however rare the other side is.
 *
 * @param probability - n probabilities of "up", in [0, 1]
 * @param outcome - n outcomes: 1 up, 0 down, ½ tie, which is half of each
 * @returns in [0, 1], ½ without skill; of the one class that is there when the other is missing, as scikit-learn has it;
 *   NaN without rows
 * @throws {ShapeError} the lengths differ
 * @see Brodersen et al. (2010), The Balanced Accuracy and Its Posterior Distribution
 */
export function balancedAccuracy(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
): number {
  return balancedAccuracyOf(confusionMatrix(probability, outcome));
}

/** The same of a matrix that is there. */
export function balancedAccuracyOf(matrix: ConfusionMatrix): number {
  const { truePositive, falsePositive, falseNegative, trueNegative } = matrix;
  const ofUps = truePositive / (truePositive + falseNegative);
  const ofDowns = trueNegative / (trueNegative + falsePositive);
  if (truePositive + falseNegative === 0) return ofDowns;
  if (trueNegative + falsePositive === 0) return ofUps;
  return (ofUps + ofDowns) / 2;
}
