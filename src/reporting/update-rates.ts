// How many rows a second arrived over the day?
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { SECOND_US } from "../core/time.js";
import { readColumns } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { DataType } from "../store/tables.js";
import { busiestDay, daySpan, streamsOf } from "./look-window.js";
import type { MarketRange } from "./store-summary.js";
import { type TimeBins, timeBins } from "./time-bins.js";

/** Rows of one stream that arrived in each bin, per second; the last bins may be cut by the end of the data. */
export interface StreamRate {
  readonly symbol: string;
  readonly type: DataType;
  readonly rows: number;
  /** Of each bin; 0 where nothing arrived. */
  readonly rowsPerSecond: Float64Array;
}

/** Rates of all streams on one day. */
export interface UpdateRates {
  readonly date: string;
  readonly bins: TimeBins;
  readonly streams: readonly StreamRate[];
}

/**
 * Rows a second of each stream over the busiest day of the first symbol.
 *
 * @returns what is missing where the store has no rows
 * @throws {DataError} a partition is damaged
 */
export async function updateRates(
  store: Store,
  range: MarketRange,
): Promise<UpdateRates | Shortfall> {
  const day = await busiestDay(store, range, range.symbols[0]!);
  if (!("date" in day)) return day;
  const span = await daySpan(store, range, day.date);
  if (span === undefined) {
    return shortfall({ step: "count updates", what: "rows of ticks", has: 0, needs: 1 });
  }
  const bins = timeBins(span.fromUs, span.toUs);
  const streams: StreamRate[] = [];
  for (const { key, manifest } of await streamsOf(
    store,
    { ...range, days: [day.date] },
    range.symbols,
  )) {
    const columns = await readColumns(store, key, ["local_timestamp"]);
    const counts = binCounts(columns["local_timestamp"] as Float64Array, bins);
    const rowsPerSecond = counts.map((count) => count / (bins.binUs / SECOND_US));
    streams.push({ symbol: key.symbol, type: key.type, rows: manifest.rows, rowsPerSecond });
  }
  return { date: day.date, bins, streams };
}

/** Times in each bin; all lie within the bins. */
function binCounts(timesUs: Float64Array, { startUs, binUs, count }: TimeBins): Float64Array {
  const counts = new Float64Array(count);
  for (let i = 0; i < timesUs.length; i++) counts[Math.floor((timesUs[i]! - startUs) / binUs)]!++;
  return counts;
}
