import { DAY_US, dateOf, dayStartUs, MINUTE_US } from "../../core/time.js";
import type { CandleKey } from "../../store/candle-table.js";
import { readColumns, readManifest } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import { DAY_MINUTES } from "./minute-gaps.js";

/**
 * Minutes of a day in which the stored trades of the same exchange and symbol were made, by exchange time. Trades that
 * arrived after midnight are in the next day's partition; they count when it is there.
 *
 * @returns 1 for each minute with a trade, 1,440 in all; undefined when the day's trades are not in the store
 * @throws {DataError} a partition is damaged
 */
export async function tradedMinutes(
  store: Store,
  { exchange, symbol, date }: CandleKey,
): Promise<Uint8Array | undefined> {
  const startUs = dayStartUs(date);
  const day = { type: "trades", exchange, symbol, date } as const;
  if ((await readManifest(store, day)) === undefined) return undefined;
  const traded = new Uint8Array(DAY_MINUTES);
  for (const key of [day, { ...day, date: dateOf(startUs + DAY_US) }]) {
    if ((await readManifest(store, key)) === undefined) continue;
    const { timestamp } = await readColumns(store, key, ["timestamp"]);
    for (const timeUs of timestamp as Float64Array) {
      const minute = Math.floor((timeUs - startUs) / MINUTE_US);
      if (minute >= 0 && minute < DAY_MINUTES) traded[minute] = 1;
    }
  }
  return traded;
}
