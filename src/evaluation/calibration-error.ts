import { BINS, type ReliabilityBin, reliabilityBins } from "./reliability.js";

/**
 * Expected calibration error: gap between mean probability and frequency of "up", averaged over equal-mass bins by their
 * size.
 *
 * @param probability - n probabilities of "up"
 * @param outcome - n outcomes in [0, 1]
 * @param options.bins - how many bins at most, default 10
 * @returns ratio in [0, 1], lower is better, NaN without rows; a constant base rate scores 0 too, so read it beside a
 *   skill score and beside `calibrationNoiseFloor`
 * @throws {ShapeError} the lengths differ
 * @see Guo et al. (2017), On Calibration of Modern Neural Networks (equal-width bins there)
 */
export function calibrationError(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
  { bins = BINS }: { readonly bins?: number } = {},
): number {
  return calibrationErrorOf(reliabilityBins(probability, outcome, { bins }));
}

/** The same of bins that are there. */
export function calibrationErrorOf(bins: readonly ReliabilityBin[]): number {
  return weightedGap(bins, (bin) => Math.abs(bin.meanProbability - bin.upRate));
}

/**
 * Calibration error to expect from a perfectly calibrated model with this many independent rows:
 * Σ share_b · √(2 p_b (1 − p_b) / (π n_b)), the mean absolute deviation of each bin's frequency.
 *
 * @param bins - the model's reliability bins
 * @param effectiveRows - independent rows in all bins together
 * @returns ratio; 8 % at 230 rows in 10 bins around ½, 5 % at 700
 */
export function calibrationNoiseFloor(
  bins: readonly ReliabilityBin[],
  effectiveRows: number,
): number {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return weightedGap(bins, ({ rows: size, meanProbability: p }) =>
    Math.sqrt((2 * p * (1 - p)) / (Math.PI * effectiveRows * (size / rows))),
  );
}

function weightedGap(
  bins: readonly ReliabilityBin[],
  gap: (bin: ReliabilityBin) => number,
): number {
  let rows = 0;
  let sum = 0;
  for (const bin of bins) {
    rows += bin.rows;
    sum += bin.rows * gap(bin);
  }
  return sum / rows;
}
