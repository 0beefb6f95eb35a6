// The features that one-minute candles can give, by the accumulators that ticks drive too.
import { OptionError } from "../core/errors.js";
import { DAY_US, dayStartUs, MINUTE_US } from "../core/time.js";
import { candleFolder } from "../store/candle-table.js";
import { readDerivedManifest } from "../store/derived.js";
import { readCandles } from "../store/read-candles.js";
import type { Store } from "../store/store.js";
import { catalogue } from "./catalogue.js";
import { createFeatureEngine, type FeatureEngine } from "./engine.js";
import type { FeatureRow } from "./feature-rows.js";

/** Features from here on need trades or a book. */
const FIRST_OF_TICKS = 34;

/** Names of the features that prices and volumes of candles are enough for. */
export const CANDLE_FEATURES: readonly string[] = catalogue()
  .filter(({ number }) => number < FIRST_OF_TICKS)
  .map(({ name }) => name);

/** Features of one symbol, from candles; all columns have the same length. */
export interface CandleFeatures {
  readonly barEndUs: Float64Array;
  /** Values of `CANDLE_FEATURES` by name. */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** Masks as the engine gives them: a minute without a candle is one without a trade, and there is never a book. */
  readonly valid: BigUint64Array;
}

/** Whose candles, and bars of which length. */
export interface CandleRange {
  readonly exchange: string;
  readonly symbol: string;
  /** `yyyy-mm-dd`, in order. */
  readonly days: readonly string[];
  /** Whole minutes, µs. */
  readonly barUs: number;
}

/**
 * Computes features from stored candles, which takes less than reading stored ones would; they are not kept. A day without
 * candles ends the stream, and the next begins anew. A minute without a candle counts as one in which nothing was traded,
 * since candles cannot tell the two apart.
 *
 * @returns no rows when the store has no candles of the days
 * @throws {OptionError} bars are not whole minutes
 * @throws {DataError} a day's candles are damaged
 */
export async function candleFeatures(
  store: Store,
  { exchange, symbol, days, barUs }: CandleRange,
): Promise<CandleFeatures> {
  requireWholeMinutes(barUs);
  const rows: FeatureRow[] = [];
  let engine: FeatureEngine | undefined;
  let lastUs = Number.NaN;
  for (const date of days) {
    const startUs = dayStartUs(date);
    const key = { exchange, symbol, date };
    const isThere = (await readDerivedManifest(store, candleFolder(key))) !== undefined;
    if (!isThere || startUs !== lastUs + DAY_US) engine = endStream(engine);
    if (!isThere) continue;
    lastUs = startUs;
    engine ??= createFeatureEngine((row) => rows.push(row), { barUs });
    for await (const { barStartUs, open, high, low, close, volume } of readCandles(store, key)) {
      for (let i = 0; i < barStartUs.length; i++) {
        if (volume[i] === 0) continue;
        const candle = { open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]! };
        engine.onCandle(barStartUs[i]!, { ...candle, volume: volume[i]! });
      }
    }
  }
  endStream(engine);
  return columnsOf(rows);
}

function endStream(engine: FeatureEngine | undefined): undefined {
  engine?.finish();
}

function columnsOf(rows: readonly FeatureRow[]): CandleFeatures {
  const places = catalogue().map(({ name }) => name);
  const column = (name: string): Float64Array => {
    const place = places.indexOf(name);
    return Float64Array.from(rows, ({ values }) => values[place]!);
  };
  return {
    barEndUs: Float64Array.from(rows, ({ barEndUs }) => barEndUs),
    values: Object.fromEntries(CANDLE_FEATURES.map((name) => [name, column(name)])),
    valid: BigUint64Array.from(rows, ({ valid }) => valid),
  };
}

function requireWholeMinutes(barUs: number): void {
  if (barUs % MINUTE_US === 0) return;
  throw new OptionError({
    column: "--bar",
    message: `was ${barUs / 1e6} seconds, and candles are of whole minutes`,
    fix: "use 1m or longer",
  });
}
