import { DAY_US, dateOf } from "../core/time.js";
import type { SampledMids } from "../market/sample-mids.js";
import type { Store } from "../store/store.js";
import type { BarSampleSettings } from "./bar-samples.js";
import { labelMids } from "./label-mids.js";

/**
 * Mids and half spreads in force at bar end plus latency, for rows of any days of one symbol: what a decision of the bar is
 * executed at.
 *
 * @param barEndUs - n bar ends, ascending
 * @returns n rows; NaN where the book is not valid then, or the store has none
 * @throws {DataError} a partition is damaged
 */
export async function rowMids(
  store: Store,
  { exchange, symbol }: { readonly exchange: string; readonly symbol: string },
  barEndUs: Float64Array,
  settings: BarSampleSettings,
): Promise<SampledMids> {
  const { barUs } = settings;
  const mid = new Float64Array(barEndUs.length).fill(Number.NaN);
  const halfSpreadBps = new Float64Array(barEndUs.length).fill(Number.NaN);
  for (let from = 0; from < barEndUs.length; ) {
    const date = dateOf(barEndUs[from]! - barUs);
    const mids = await labelMids(store, { exchange, symbol, date }, settings);
    let to = from;
    while (to < barEndUs.length && dateOf(barEndUs[to]! - barUs) === date) to++;
    for (let i = from; i < to && mids !== undefined; i++) {
      // Bars divide the day, so the place of a bar end in it is known.
      const place = (((barEndUs[i]! - barUs) % DAY_US) / barUs) | 0;
      mid[i] = mids.mid[place]!;
      halfSpreadBps[i] = mids.halfSpreadBps[place]!;
    }
    from = to;
  }
  return { mid, halfSpreadBps };
}
