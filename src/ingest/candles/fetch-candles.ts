import { OptionError } from "../../core/errors.js";
import { DAY_US, dateOf, dayStartUs } from "../../core/time.js";
import type { Store } from "../../store/store.js";
import { bringInDays } from "./bring-in-days.js";
import type { CandleOptions, CandleRun } from "./candle-run.js";
import type { CoinbaseClient } from "./coinbase-client.js";
import { fetchDay } from "./coinbase-day.js";

/** The exchange's name in the store. */
export const COINBASE = "coinbase";

/** Which candles to fetch. */
export interface FetchCandlesOptions extends CandleOptions {
  /** Products as the exchange writes them, for example `BTC-USD`. */
  readonly symbols: readonly string[];
  /** UTC days, `yyyy-mm-dd`, in order. */
  readonly days: readonly string[];
}

/**
 * Fetches one-minute candles from Coinbase into the store, where `readCandles` and the view `candles` have them; days that
 * are there are kept, and one that fails stops none of the others.
 *
 * @param client - `coinbaseClient()`; no key is needed
 * @param options - products and days, best from `marketRange`; `verify` to hash what is there
 * @returns what became of each day, and every time without a candle: missing, without a trade where the store has the
 *   trades of that day, else unknown
 * @throws {OptionError} a day lies in the future, none of the days is over or has a candle, the exchange does not have a
 *   product or cannot be reached, or the store cannot be written to
 * @throws {DataError} trades that gaps are compared with are damaged
 * @example const run = await fetchCandles(store, coinbaseClient(), marketRange("coinbase", "BTC,ETH", from, to));
 */
export async function fetchCandles(
  store: Store,
  client: CoinbaseClient,
  { symbols, days, nowUs = 1000 * Date.now(), ...options }: FetchCandlesOptions,
): Promise<CandleRun> {
  requirePast(days, nowUs);
  const keys = symbols.flatMap((symbol) =>
    days.map((date) => ({ exchange: COINBASE, symbol, date })),
  );
  const source = {
    obtain: ({ symbol, date }: { readonly symbol: string; readonly date: string }) =>
      fetchDay(client, symbol, { date, nowUs }),
    isCurrent: () => true,
  };
  const run = await bringInDays(store, keys, { source, options: { ...options, nowUs } });
  requireSome(run.partitions);
  return { ...run, rejectedRows: [] };
}

function requirePast(days: readonly string[], nowUs: number): void {
  const today = dateOf(nowUs);
  const future = days.find((date) => date > today);
  if (future === undefined) return;
  throw new OptionError({
    column: future === days[0] ? "--from" : "--to",
    message: `asks for ${future}, which has not begun`,
    fix: `the last day that is over is ${dateOf(dayStartUs(today) - DAY_US)}; --to is exclusive`,
  });
}

function requireSome(days: CandleRun["partitions"]): void {
  if (days.some(({ status }) => status !== "absent" && status !== "unfinished")) return;
  const isUnfinished = days.some(({ status }) => status === "unfinished");
  throw new OptionError({
    column: "--from",
    message: isUnfinished
      ? "asks for days that are not over or have no candle"
      : `asks for ${days.length} days of which the exchange has no candle`,
    fix: "give earlier or later days",
  });
}
