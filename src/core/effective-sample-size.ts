import { standardDeviation } from "./statistics.js";

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

/** What two bootstraps of one figure of the same rows found. */
export interface BootstrapErrors {
  /** Standard error by resampling single rows, as if they were independent. */
  readonly rowError: number;
  /** Standard error by resampling blocks of time. */
  readonly blockError: number;
  /** Bars that one label spans. */
  readonly horizonBars: number;
}

/** A standard error below this is rounding: every resample gave the same figure. */
const ROUNDING = 1e-12;

/**
 * How many independent rows would give a figure, whatever it is, the same standard error: n · (row error / block error)²,
 * at most the number of labels that do not overlap. For a mean it is `effectiveSampleSize` but for the bootstrap's own
 * noise, some 17 % with 200 resamples of blocks and 100 of rows.
 *
 * @returns between 0 and n / horizonBars; 0 when an error is unknown, so that gates on it fail closed
 */
export function effectiveRows(
  rows: number,
  { rowError, blockError, horizonBars }: BootstrapErrors,
): number {
  const independent = rows / horizonBars;
  if (Number.isNaN(rowError) || Number.isNaN(blockError)) return 0;
  if (blockError < ROUNDING) return rowError < ROUNDING ? independent : 0;
  return Math.min(independent, rows * (rowError / blockError) ** 2);
}

/**
 * A figure of a part of the rows that were resampled. Independent rows are counted as if it were of all of them; of a part
 * they are as many times fewer as the part has fewer rows.
 *
 * @param share - rows of the part over all rows, in [0, 1]
 */
export function ofPart<Figure extends { readonly effectiveRows: number }>(
  figure: Figure,
  share: number,
): Figure {
  return { ...figure, effectiveRows: share * figure.effectiveRows };
}
