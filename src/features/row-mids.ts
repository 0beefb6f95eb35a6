import { DAY_US, dateOf } from "../core/time.js";
import type { SampledMids } from "../market/sample-mids.js";
import type { Store } from "../store/store.js";
import type { BarSampleSettings } from "./bar-samples.js";
import { type LabelMidSettings, labelMidsAfter } from "./label-mids.js";

/** One symbol of an exchange. */
interface Market {
  readonly exchange: string;
  readonly symbol: string;
}

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
  market: Market,
  barEndUs: Float64Array,
  { latencyUs, ...settings }: BarSampleSettings,
): Promise<SampledMids> {
  const after = { ...settings, latenciesUs: [latencyUs] };
  return (await rowMidsAfter(store, market, barEndUs, after))[0]!;
}

/**
 * The same for several latencies, with one replay of a day for all that the store does not have.
 *
 * @returns rows in the order of the latencies
 */
export async function rowMidsAfter(
  store: Store,
  { exchange, symbol }: Market,
  barEndUs: Float64Array,
  settings: LabelMidSettings,
): Promise<readonly SampledMids[]> {
  const { barUs, latenciesUs } = settings;
  const rows = latenciesUs.map(() => ({
    mid: new Float64Array(barEndUs.length).fill(Number.NaN),
    halfSpreadBps: new Float64Array(barEndUs.length).fill(Number.NaN),
  }));
  const dayOf = (i: number): number => Math.floor((barEndUs[i]! - barUs) / DAY_US);
  for (let from = 0, to = 0; from < barEndUs.length; from = to) {
    const date = dateOf(barEndUs[from]! - barUs);
    const mids = await labelMidsAfter(store, { exchange, symbol, date }, settings);
    while (to < barEndUs.length && dayOf(to) === dayOf(from)) to++;
    for (let i = from; i < to && mids !== undefined; i++) {
      // Bars divide the day, so the place of a bar end in it is known.
      const place = (((barEndUs[i]! - barUs) % DAY_US) / barUs) | 0;
      rows.forEach(({ mid, halfSpreadBps }, k) => {
        mid[i] = mids[k]!.mid[place]!;
        halfSpreadBps[i] = mids[k]!.halfSpreadBps[place]!;
      });
    }
  }
  return rows;
}
