import { DAY_US, dateOf, dayStartUs, MINUTE_US } from "../../core/time.js";
import type { SymbolDay } from "../../store/read.js";
import { BOOK_DAY } from "../ingest/book-file.js";
import { madeMarket } from "./made-market.js";
import { MADE_SYMBOL } from "./made-store.js";
import { eventsBetween, joinMarkets } from "./market-columns.js";
import type { MadeMarket } from "./open-block.js";

/** Bars of ten minutes: a few days of few events fill windows of a day and of a thousand bars, and begin that of a month. */
export const LAW_SETTINGS: { readonly barUs: number; readonly staleAfterUs: number } = {
  barUs: 10 * MINUTE_US,
  staleAfterUs: 5 * MINUTE_US,
};

/** Days from one snapshot of the book to the next; within them a day begins with no snapshot. */
const STRETCHES = [1, 1, 3, 1, 2];

/** About twenty messages and twenty orders a bar. */
const PACE = { mostRows: 12, messageUs: MINUTE_US / 2 };

/** The days of the market, in order. */
export const LAW_DAYS: readonly SymbolDay[] = Array.from(
  { length: STRETCHES.reduce((sum, days) => sum + days, 0) },
  (_, i) => ({ ...MADE_SYMBOL, date: dateOf(dayStartUs(BOOK_DAY.date) + i * DAY_US) }),
);

/** Some days of a made market. */
export function lawMarket(seed: number): MadeMarket {
  const parts: MadeMarket[] = [];
  let startUs = dayStartUs(LAW_DAYS[0]!.date);
  STRETCHES.forEach((days, i) => {
    const endUs = startUs + days * DAY_US;
    const own = { seed: 100 * seed + i, startUs, endUs };
    parts.push(...madeMarket({ ...own, orders: 1, pace: PACE }));
    startUs = endUs;
  });
  return joinMarkets(parts);
}

/** A market's events of one day. */
export function eventsOfDay(market: MadeMarket, { date }: SymbolDay): MadeMarket {
  const startUs = dayStartUs(date);
  return eventsBetween(market, startUs, startUs + DAY_US);
}
