// The features of bars, computed again from the candles that were over when each bar ended.
import { DAY_US, dateOf, dayStartUs } from "../../../core/time.js";
import { createFeatureEngine } from "../../../features/engine.js";
import type { FeatureRow } from "../../../features/feature-rows.js";
import { type CandleKey, candleFolder } from "../../../store/candle-table.js";
import { readDerivedManifest } from "../../../store/derived.js";
import { readCandles } from "../../../store/read-candles.js";
import type { Store } from "../../../store/store.js";
import { NO_ROW } from "./event-bars.js";

/** Bars of candles, and closes at the same times. */
export interface CandleBars {
  /** By bar end. */
  readonly rows: ReadonlyMap<number, FeatureRow>;
  /** Close of the last candle with trades that was over by then; NaN where there was none. */
  readonly closes: ReadonlyMap<number, number>;
}

/**
 * Computes the bars of a stream of candles again. At each wanted time the engine was told no candle that ends later.
 *
 * @param from - the stream's first day
 * @param timesUs - ends of bars, ascending, each once
 * @throws {DataError} a day's candles are damaged
 */
export async function candleBars(
  store: Store,
  from: CandleKey,
  barUs: number,
  timesUs: readonly number[],
): Promise<CandleBars> {
  const rows = new Map<number, FeatureRow>();
  const closes = new Map<number, number>();
  const keep = (row: FeatureRow): void => {
    if (!rows.has(row.barEndUs)) rows.set(row.barEndUs, row);
  };
  const engine = createFeatureEngine(keep, { barUs });
  let lastClose = Number.NaN;
  const settle = (untilUs: number): void => {
    while (closes.size < timesUs.length && timesUs[closes.size]! < untilUs) {
      const timeUs = timesUs[closes.size]!;
      engine.advance(timeUs);
      keep({ barEndUs: timeUs, ...NO_ROW });
      closes.set(timeUs, lastClose);
    }
  };
  for await (const batch of candlesFrom(store, from)) {
    const { barStartUs, barEndUs, open, high, low, close, volume } = batch;
    for (let i = 0; i < barStartUs.length; i++) {
      settle(barEndUs[i]!);
      if (volume[i] === 0) continue;
      const prices = { open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]! };
      engine.onCandle(barStartUs[i]!, { ...prices, volume: volume[i]! });
      lastClose = prices.close;
    }
    if (closes.size === timesUs.length) break;
  }
  settle(Number.POSITIVE_INFINITY);
  return { rows, closes };
}

/** Candles of consecutive days, up to the first day without any. */
async function* candlesFrom(store: Store, from: CandleKey): ReturnType<typeof readCandles> {
  for (let dayUs = dayStartUs(from.date); ; dayUs += DAY_US) {
    const key = { ...from, date: dateOf(dayUs) };
    if ((await readDerivedManifest(store, candleFolder(key))) === undefined) return;
    yield* readCandles(store, key);
  }
}
