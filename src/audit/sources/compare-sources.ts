// Is a free source of candles as good as ticks?
import { type Shortfall, shortfall } from "../../core/shortfall.js";
import type { MinuteCandles } from "../../market/exchange-minutes.js";
import { type CandleSourceRequest, candleSource } from "../../store/candle-source.js";
import type { Store } from "../../store/store.js";
import { candleMinutes } from "../candles/candle-minutes.js";
import { compareMinutes, type MinuteComparison } from "./compare-minutes.js";
import { type TickMinutes, tickMinutes } from "./tick-minutes.js";

/** A symbol of an exchange. */
export interface Source {
  readonly exchange: string;
  readonly symbol: string;
}

/** Which ticks to compare with which candles. */
export interface SourceRequest {
  readonly ticks: Source;
  readonly candles: Source;
  /** `yyyy-mm-dd`, consecutive. */
  readonly days: readonly string[];
}

/** Ticks against candles: whose, when, every figure, and the minutes they come from. */
export interface SourceComparison extends Omit<MinuteComparison, "ticks" | "candles"> {
  readonly days: readonly string[];
  readonly ticks: Source & MinuteComparison["ticks"];
  readonly candles: Source & MinuteComparison["candles"];
  /** True when both tell of one market, so that equal figures are to be expected. */
  readonly isSameMarket: boolean;
  readonly columns: MinuteColumns;
}

/** What both sources know of each minute. */
export interface MinuteColumns {
  readonly ticks: TickMinutes;
  readonly candles: MinuteCandles;
}

/**
 * Compares a symbol's stored ticks with stored one-minute candles, of the same exchange or another, minute by minute as
 * exchanges cut them. Too little of either is no error: figures are NaN then, and `shortfalls` says which and why.
 *
 * @throws {DataError} a partition is damaged
 */
export async function compareSources(
  store: Store,
  { ticks, candles, days }: SourceRequest,
): Promise<SourceComparison> {
  const columns = {
    ticks: await tickMinutes(store, { ...ticks, days }),
    candles: await candleMinutes(store, { ...candles, days }),
  };
  const compared = compareMinutes(columns.ticks, columns.candles);
  return {
    ...compared,
    days,
    ticks: { ...ticks, ...compared.ticks },
    candles: { ...candles, ...compared.candles },
    isSameMarket: ticks.exchange === candles.exchange && ticks.symbol === candles.symbol,
    columns,
  };
}

/** Whose ticks to compare with whose candles. */
export interface CandleComparisonRequest extends CandleSourceRequest {
  /** Told after each symbol. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Compares each of some symbols with the stored candles that an exchange has of the same coin.
 *
 * @returns what is missing when the store has no such candles
 * @throws {OptionError} that exchange has no known symbol of a coin
 * @throws {DataError} a partition is damaged
 * @example const comparisons = await compareWithCandles(store, { ...market, candles: "coinbase" });
 */
export async function compareWithCandles(
  store: Store,
  request: CandleComparisonRequest,
): Promise<readonly SourceComparison[] | Shortfall> {
  const { exchange, symbols, days, onProgress } = request;
  const source = await candleSource(store, request);
  if (source === undefined) {
    const what = "one-minute candles of these coins and days (`tickbook candles` brings them in)";
    return shortfall({ step: "compare ticks with candles", what, has: 0, needs: 1 });
  }
  const found: SourceComparison[] = [];
  for (const [i, symbol] of symbols.entries()) {
    const candles = { exchange: source.exchange, symbol: source.symbols[i]! };
    found.push(await compareSources(store, { ticks: { exchange, symbol }, candles, days }));
    onProgress?.(i + 1, symbols.length);
  }
  return found;
}
