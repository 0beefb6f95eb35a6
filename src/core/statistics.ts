/** Mean of a column; NaN when it is empty. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Standard deviation about the mean, with n − 1 below; NaN for fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return Number.NaN;
  const center = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - center) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** More than rounding makes of a mean, as a share of it. */
const ROUNDING = 1e-12;

/** Mean over standard deviation, a Sharpe ratio where values are returns; NaN for fewer than two or without any variation. */
export function meanOverDeviation(values: ArrayLike<number>): number {
  const [center, deviation] = [mean(values), standardDeviation(values)];
  // Values that are all alike differ from their mean by its rounding.
  return deviation > ROUNDING * Math.abs(center) ? center / deviation : Number.NaN;
}

/**
 * Quantile by linear interpolation between order statistics (type 7, as R and NumPy do by default).
 *
 * @param values - finite numbers in any order
 * @param level - in [0, 1]
 * @returns NaN when there are no values
 */
export function quantile(values: ArrayLike<number>, level: number): number {
  return sortedQuantile(Float64Array.from(values).sort(), level);
}

/** The same of numbers that are in order. */
export function sortedQuantile(sorted: Float64Array, level: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = level * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/**
 * Distribution function of the standard normal, Φ(x); absolute error below 1e-15 near 0 and 1e-12 in the tails; NaN
 * for NaN.
 *
 * @see Marsaglia (2004), Evaluating the Normal Distribution, Journal of Statistical Software 11(4)
 */
export function normalCdf(x: number): number {
  // A NaN would never meet the series' end.
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 8) return 1;
  if (x < -8) return 0;
  // Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/(3·5) + …)
  let term = x;
  let sum = x;
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.9189385332046728);
}
