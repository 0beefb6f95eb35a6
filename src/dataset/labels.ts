import { futureReturns } from "../features/future-returns.js";

/** What is to be predicted, row by row. */
export interface Labels {
  /** 1 up, 0 down, ½ exact tie (rounding of the mids aside), NaN no label. */
  readonly outcome: Float32Array;
  /** ln of the later price over the earlier one; NaN without a label. */
  readonly labelReturn: Float64Array;
}

/**
 * Direction of the price from each row to the row a horizon later. There is no label where a price is missing at either
 * end, or where bars are missing in between.
 *
 * @param barEndUs - n bar ends of one symbol, ascending
 * @param price - n prices in force when a decision of the bar is executed; NaN where none is
 * @param options.horizonBars - bars between the two prices
 */
export function directionLabels(
  barEndUs: Float64Array,
  price: Float64Array,
  options: { readonly horizonBars: number; readonly barUs: number },
): Labels {
  const labelReturn = futureReturns(price, barEndUs, options);
  // (sign + 1)/2: up 1, down 0, tie ½.
  const outcome = Float32Array.from(labelReturn, (change) => (Math.sign(change) + 1) / 2);
  return { outcome, labelReturn };
}
