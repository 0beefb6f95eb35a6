// What did a source of candles know of each minute?
import { DAY_US, dayStartUs, MINUTE_US } from "../../core/time.js";
import type { MinuteCandles } from "../../market/exchange-minutes.js";
import { candleFolder } from "../../store/candle-table.js";
import { readDerivedManifest } from "../../store/derived.js";
import { readCandles } from "../../store/read-candles.js";
import type { Store } from "../../store/store.js";
import type { SymbolDays } from "../sources/tick-minutes.js";

/**
 * Stored one-minute candles of some days, each in its minute's place.
 *
 * @throws {DataError} a day's candles are damaged
 */
export async function candleMinutes(
  store: Store,
  { exchange, symbol, days }: SymbolDays,
): Promise<MinuteCandles> {
  const startUs = dayStartUs(days[0]!);
  const minutes = (dayStartUs(days.at(-1)!) + DAY_US - startUs) / MINUTE_US;
  const missing = (): Float64Array => new Float64Array(minutes).fill(Number.NaN);
  const prices = { open: missing(), high: missing(), low: missing(), close: missing() };
  const columns = { startUs, ...prices, volume: new Float64Array(minutes) };
  for (const date of days) {
    const key = { exchange, symbol, date };
    if ((await readDerivedManifest(store, candleFolder(key))) === undefined) continue;
    for await (const batch of readCandles(store, key)) {
      batch.barStartUs.forEach((barUs, i) => {
        const minute = (barUs - startUs) / MINUTE_US;
        for (const name of ["open", "high", "low", "close", "volume"] as const) {
          columns[name][minute] = batch[name][i]!;
        }
      });
    }
  }
  return columns;
}
