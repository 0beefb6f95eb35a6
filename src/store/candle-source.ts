import { coinOf, exchangeSymbols } from "../core/symbols.js";
import type { Store } from "./store.js";
import { tableFolders } from "./table-folders.js";

/** Whose candles there are of some coins. */
export interface CandleSource {
  readonly exchange: string;
  /** What the exchange calls each coin, in the order they were asked for. */
  readonly symbols: readonly string[];
}

/** Candles of which coins to look for. */
export interface CandleSourceRequest {
  /** Exchange and symbols that the coins are known by. */
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `yyyy-mm-dd` */
  readonly days: readonly string[];
  /** Whose candles; default: the first that has some, of the exchange itself, coinbase and all others. */
  readonly candles?: string;
}

/**
 * Finds stored one-minute candles of the same coins, of the same exchange or another.
 *
 * @returns undefined when the store has none of any of the coins on any of the days
 * @throws {OptionError} the exchange asked for has no known symbol of a coin
 */
export async function candleSource(
  store: Store,
  request: CandleSourceRequest,
): Promise<CandleSource | undefined> {
  const all = await tableFolders(store, { types: ["candles"] });
  const stored = all.filter(({ date }) => request.days.includes(date));
  const coins = new Set(request.symbols.map(coinOf));
  const having = stored
    .filter(({ symbol }) => coins.has(coinOf(symbol)))
    .map(({ exchange }) => exchange);
  const preferred = [request.exchange, "coinbase", ...having];
  const wished = request.candles ?? preferred.find((name) => having.includes(name));
  if (wished === undefined) return undefined;
  const symbols = request.symbols.map((symbol) => symbolAt(wished, { ...request, symbol }));
  const isThere = stored.some(({ exchange, symbol }) => {
    return exchange === wished && symbols.includes(symbol);
  });
  return isThere ? { exchange: wished, symbols } : undefined;
}

/**
 * What an exchange calls the coin of another exchange's symbol.
 *
 * @throws {OptionError} it has no known name for it
 */
export function symbolAt(
  candles: string,
  { exchange, symbol }: { readonly exchange: string; readonly symbol: string },
): string {
  return exchange === candles ? symbol : exchangeSymbols(candles, coinOf(symbol))[0]!;
}
