import { dateOf } from "../core/time.js";
import { candleFeatures } from "../features/candle-features.js";
import { type HourlyVerdicts, hourlyVerdicts } from "../features/hourly-verdicts.js";
import { oneStream } from "../features/row-parts.js";
import { candleFolder } from "../store/candle-table.js";
import { readDerivedManifest } from "../store/derived.js";
import { PARQUET_FILE } from "../store/partition.js";
import type { Store } from "../store/store.js";
import type { SymbolFeatures, SymbolRange } from "./symbol-features.js";

/**
 * The features that a symbol's stored candles give, computed now, in the form of stored ones; there is no mid. Why a value
 * is missing follows as it does from ticks: from how long the stream has been running, and for how long nothing traded.
 *
 * @param names - features to give, all of them such as candles are enough for
 * @throws {DataError} a day's candles are damaged
 */
export async function candleSymbolFeatures(
  store: Store,
  range: SymbolRange,
  names: readonly string[],
): Promise<SymbolFeatures> {
  const { exchange, symbol, days, barUs } = range;
  const { barEndUs, values, valid } = await candleFeatures(store, range);
  const verdicts = new Map<string, HourlyVerdicts<"candles">>();
  for (const date of days) {
    const day = { exchange, symbol, date };
    const manifest = await readDerivedManifest(store, candleFolder(day));
    const candles = manifest?.files[PARQUET_FILE]?.sha256 ?? null;
    verdicts.set(date, await hourlyVerdicts(store, day, { candles }));
  }
  return {
    barEndUs,
    mid: new Float64Array(barEndUs.length).fill(Number.NaN),
    values: Object.fromEntries(names.map((name) => [name, values[name]!])),
    valid,
    // Streams end where a day is missing, which leaves a gap between bars.
    parts: [oneStream(barEndUs.length, "trades")],
    verdict: Array.from(barEndUs, (endUs) => {
      const startUs = endUs - barUs;
      return verdicts.get(dateOf(startUs))?.over(startUs, endUs) ?? "unknown";
    }),
    bookSource: undefined,
  };
}

/** Whether the store has candles of any of the days. */
export async function hasCandles(store: Store, { days, ...of }: SymbolRange): Promise<boolean> {
  for (const date of days) {
    if ((await readDerivedManifest(store, candleFolder({ ...of, date }))) !== undefined)
      return true;
  }
  return false;
}
