// Is a free source of candles as good as ticks?
import { type Shortfall, shortfall } from "../core/shortfall.js";
import { coinOf, exchangeSymbols } from "../core/symbols.js";
import { MINUTE_US } from "../core/time.js";
import type { MinuteCandles } from "../market/exchange-minutes.js";
import type { Store } from "../store/store.js";
import { tableFolders } from "../store/table-folders.js";
import { candleMinutes } from "./candle-minutes.js";
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
export interface CandleComparisonRequest {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `yyyy-mm-dd`, consecutive. */
  readonly days: readonly string[];
  /** Default: the first that has candles of these coins and days, of the ticks' own exchange, coinbase and all others. */
  readonly candles?: string;
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
  const stored = await storedCandleSymbols(store, days);
  const source = request.candles ?? candleExchange(stored, request);
  const pairs = symbols.map((symbol) => {
    return { symbol, other: source === undefined ? "" : symbolAt(source, { exchange, symbol }) };
  });
  if (source === undefined || !pairs.some(({ other }) => stored.has(`${source} ${other}`))) {
    const what = "one-minute candles of these coins and days (`tickbook candles` brings them in)";
    return shortfall({ step: "compare ticks with candles", what, has: 0, needs: 1 });
  }
  const found: SourceComparison[] = [];
  for (const { symbol, other } of pairs) {
    const candles = { exchange: source, symbol: other };
    found.push(await compareSources(store, { ticks: { exchange, symbol }, candles, days }));
    onProgress?.(found.length, symbols.length);
  }
  return found;
}

/**
 * What an exchange calls the coin of another exchange's symbol.
 *
 * @throws {OptionError} it has no known name for it
 */
export function symbolAt(candles: string, { exchange, symbol }: Source): string {
  return exchange === candles ? symbol : exchangeSymbols(candles, coinOf(symbol))[0]!;
}

/** `exchange symbol` of the candles that the store has of some days. */
async function storedCandleSymbols(
  store: Store,
  days: readonly string[],
): Promise<ReadonlySet<string>> {
  const all = await tableFolders(store, { types: ["candles"] });
  const own = all.filter(({ date }) => days.includes(date));
  return new Set(own.map(({ exchange, symbol }) => `${exchange} ${symbol}`));
}

/** The exchange whose candles to take where none is named. */
function candleExchange(
  stored: ReadonlySet<string>,
  { exchange, symbols }: CandleComparisonRequest,
): string | undefined {
  const coins = new Set(symbols.map(coinOf));
  const places = [...stored].map((place) => place.split(" ") as [string, string]);
  const found = places.filter(([, symbol]) => coins.has(coinOf(symbol))).map(([name]) => name);
  return [exchange, "coinbase", ...found].find((name) => found.includes(name));
}

/** Starts of the compared minutes, µs. */
export function minuteStarts({ ticks }: MinuteColumns): Float64Array {
  return ticks.close.map((_, minute) => ticks.startUs + minute * MINUTE_US);
}
