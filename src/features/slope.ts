import { ROUNDING } from "./rounding.js";

/**
 * Least-squares slope of y on x, with an intercept, over the pairs whose y is there.
 *
 * @param x - n numbers
 * @param y - n numbers, NaN where missing
 * @param options.fewest - pairs that it takes at least
 * @returns NaN with fewer pairs, or when all x are equal
 */
export function slope(
  x: Float64Array,
  y: Float64Array,
  { fewest }: { readonly fewest: number },
): number {
  let pairs = 0;
  let sumX = 0;
  let sumY = 0;
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(y[i]!)) continue;
    pairs++;
    sumX += x[i]!;
    sumY += y[i]!;
    largest = Math.max(largest, Math.abs(x[i]!));
  }
  if (pairs < fewest) return Number.NaN;
  const meanX = sumX / pairs;
  const meanY = sumY / pairs;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(y[i]!)) continue;
    squares += (x[i]! - meanX) ** 2;
    products += (x[i]! - meanX) * (y[i]! - meanY);
  }
  const isEqual = Math.sqrt(squares / pairs) <= ROUNDING * largest;
  return isEqual ? Number.NaN : products / squares;
}
