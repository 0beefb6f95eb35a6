import { requireSameLength } from "../core/columns.js";

/**
 * Two mids of one price, made from other best prices, may differ by this much, in log: each best price and their sum is
 * rounded, at both ends. Half the finest tick of any market is a hundred times as large.
 */
const ROUNDING: number = 4 * Number.EPSILON;

/**
 * Return from each row's price to the price a horizon later: ln of their ratio, 0 where they differ by rounding alone. It
 * is NaN where a price is missing at either end, or where bars are missing in between.
 *
 * @param price - n prices of one symbol; NaN where none is in force
 * @param barEndUs - n bar ends, ascending
 * @param options.horizonBars - bars between the two prices
 * @param options.barUs - length of a bar, µs
 * @throws {ShapeError} the lengths differ
 */
export function futureReturns(
  price: Float64Array,
  barEndUs: Float64Array,
  { horizonBars, barUs }: { readonly horizonBars: number; readonly barUs: number },
): Float64Array {
  const rows = requireSameLength({ price, barEndUs });
  const returns = new Float64Array(rows).fill(Number.NaN);
  for (let i = 0; i + horizonBars < rows; i++) {
    const later = i + horizonBars;
    if (barEndUs[later]! - barEndUs[i]! !== horizonBars * barUs) continue;
    returns[i] = returnOf(price[i]!, price[later]!);
  }
  return returns;
}

/** ln of a later price over an earlier one, 0 where they differ by rounding alone; NaN where either is missing. */
export function returnOf(earlier: number, later: number): number {
  const change = Math.log(later / earlier);
  return Math.abs(change) <= ROUNDING ? 0 : change;
}
