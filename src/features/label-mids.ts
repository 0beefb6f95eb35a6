import { type SampledMids, sampleMids } from "../market/sample-mids.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { type BarSampleSettings, barSamples } from "./bar-samples.js";

/** Mids in force at each bar's end plus the latency, for the bars of one day. */
export interface LabelMids extends SampledMids {
  readonly barEndUs: Float64Array;
}

/**
 * The day's label mids, from the store when they were made from the same data and settings, else by one replay of the book
 * (of this day, and of the next as far as the last sample reaches) and then stored.
 *
 * @returns undefined when the store has no book of the day
 * @throws {DataError} a partition is damaged
 */
export async function labelMids(
  store: Store,
  day: SymbolDay,
  settings: BarSampleSettings,
): Promise<LabelMids | undefined> {
  const columns = await barSamples(store, day, settings, {
    name: "label-mids",
    make: async (barEndUs, days, options) => {
      const times = barEndUs.map((time) => time + settings.latencyUs);
      const { mid, halfSpreadBps } = await sampleMids(times, days, options);
      return { bar_end_us: barEndUs, mid, half_spread_bps: halfSpreadBps };
    },
  });
  if (columns === undefined) return undefined;
  return {
    barEndUs: columns["bar_end_us"] as Float64Array,
    mid: columns["mid"] as Float64Array,
    halfSpreadBps: columns["half_spread_bps"] as Float64Array,
  };
}
