import type { BookEvents } from "../market/book-events.js";
import { type SampledMids, sampleMids } from "../market/sample-mids.js";
import type { SampleOptions } from "../market/sample-states.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { type BarSampleSettings, barSamples } from "./bar-samples.js";

/** Mids in force at each bar's end plus the latency, for the bars of one day. */
export interface LabelMids extends SampledMids {
  readonly barEndUs: Float64Array;
}

/** Bars and delays of label mids. */
export interface LabelMidSettings extends Omit<BarSampleSettings, "latencyUs"> {
  /** One or several, each once. */
  readonly latenciesUs: readonly number[];
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
  { latencyUs, ...settings }: BarSampleSettings,
): Promise<LabelMids | undefined> {
  return (await labelMidsAfter(store, day, { ...settings, latenciesUs: [latencyUs] }))?.[0];
}

/**
 * The same for several latencies, with one replay for all that are to be made.
 *
 * @returns mids in the order of the latencies
 */
export async function labelMidsAfter(
  store: Store,
  day: SymbolDay,
  { latenciesUs, ...settings }: LabelMidSettings,
): Promise<readonly LabelMids[] | undefined> {
  const found: LabelMids[] = [];
  let replayed: readonly SampledMids[] | undefined;
  for (const [k, latencyUs] of latenciesUs.entries()) {
    const own = { ...settings, latencyUs };
    const columns = await barSamples(store, day, own, {
      name: "label-mids",
      make: async (barEndUs, days, options) => {
        replayed ??= await midsAfter(barEndUs, latenciesUs, days, options);
        const { mid, halfSpreadBps } = replayed[k]!;
        return { bar_end_us: barEndUs, mid, half_spread_bps: halfSpreadBps };
      },
    });
    if (columns === undefined) return undefined;
    found.push({
      barEndUs: columns["bar_end_us"] as Float64Array,
      mid: columns["mid"] as Float64Array,
      halfSpreadBps: columns["half_spread_bps"] as Float64Array,
    });
  }
  return found;
}

/** Mids in force at each latency after each bar's end, by one replay. */
async function midsAfter(
  barEndUs: Float64Array,
  latenciesUs: readonly number[],
  days: readonly BookEvents[],
  options: SampleOptions,
): Promise<readonly SampledMids[]> {
  const rows = barEndUs.length;
  const times = latenciesUs.flatMap((latencyUs) => Array.from(barEndUs, (end) => end + latencyUs));
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
  const inOrder = Float64Array.from(order, (i) => times[i]!);
  const sampled = await sampleMids(inOrder, days, options);
  const placed = (column: Float64Array): Float64Array => {
    const all = new Float64Array(column.length);
    order.forEach((i, k) => {
      all[i] = column[k]!;
    });
    return all;
  };
  const mid = placed(sampled.mid);
  const halfSpreadBps = placed(sampled.halfSpreadBps);
  return latenciesUs.map((_, k) => ({
    mid: mid.slice(k * rows, (k + 1) * rows),
    halfSpreadBps: halfSpreadBps.slice(k * rows, (k + 1) * rows),
  }));
}
