import { requireSameLength } from "../core/columns.js";

/**
 * Two mids of one price, made from other best prices, may differ by this much, in log: each best price and their sum is
 * rounded, at both ends. Half the finest tick of any market is a hundred times as large.
 */
const ROUNDING: number = 4 * Number.EPSILON;

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
  { horizonBars, barUs }: { readonly horizonBars: number; readonly barUs: number },
): Labels {
  const rows = requireSameLength({ barEndUs, price });
  const outcome = new Float32Array(rows).fill(Number.NaN);
  const labelReturn = new Float64Array(rows).fill(Number.NaN);
  for (let i = 0; i + horizonBars < rows; i++) {
    const later = i + horizonBars;
    if (barEndUs[later]! - barEndUs[i]! !== horizonBars * barUs) continue;
    const change = Math.log(price[later]! / price[i]!);
    if (Number.isNaN(change)) continue;
    const isTie = Math.abs(change) <= ROUNDING;
    labelReturn[i] = isTie ? 0 : change;
    outcome[i] = isTie ? 0.5 : Number(change > 0);
  }
  return { outcome, labelReturn };
}
