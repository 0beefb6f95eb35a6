import { standardDeviation } from "../core/statistics.js";

/**
 * How many independent rows would give the same standard error of a mean: variance / standard error², at most the number
 * of labels that do not overlap.
 *
 * @param values - n values whose mean was bootstrapped
 * @param standardError - block-bootstrap standard error of that mean
 * @param options.horizonBars - bars that one label spans; labels of fewer bars apart share their path
 * @returns between 0 and n / horizonBars; 0 when the error is unknown, so that gates on it fail closed
 */
export function effectiveSampleSize(
  values: ArrayLike<number>,
  standardError: number,
  { horizonBars }: { readonly horizonBars: number },
): number {
  const independent = values.length / horizonBars;
  if (Number.isNaN(standardError) || values.length < 2) return 0;
  if (standardError === 0) return standardDeviation(values) === 0 ? independent : 0;
  return Math.min(independent, (standardDeviation(values) / standardError) ** 2);
}
