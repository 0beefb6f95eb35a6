// Prices in force at given times by a plain replay: the state that the events up to a time leave.

import { neighbour } from "../../../features/feature-days.js";
import { newBook } from "../../../market/book.js";
import { bookEvents } from "../../../market/book-events.js";
import type { BookSource } from "../../../market/book-source.js";
import { Replay } from "../../../market/replay.js";
import { readManifest, readTrades, type SymbolDay } from "../../../store/read.js";
import type { Store } from "../../../store/store.js";
import type { BookChanges, BookSnapshots } from "../../../store/tables.js";
import { CutEvents } from "./cut-events.js";

/** A price, and what half the spread was then. */
export interface Price {
  readonly price: number;
  /** bps of the mid; NaN without a book. */
  readonly halfSpreadBps: number;
}

/** No price in force. */
export const NO_PRICE: Price = { price: Number.NaN, halfSpreadBps: Number.NaN };

/** How a book is read. */
export interface BookSettings {
  readonly bookSource: BookSource;
  readonly staleAfterUs: number;
}

/**
 * Mids in force at times of a day, the events of the time itself among those that count. A mid counts as known only where an
 * event came later.
 *
 * @param timesUs - ascending; the last may reach into the next day
 * @throws {DataError} a partition is damaged
 */
export async function plainMids(
  store: Store,
  day: SymbolDay,
  timesUs: readonly number[],
  { bookSource, staleAfterUs }: BookSettings,
): Promise<readonly Price[]> {
  const book = newBook(bookSource);
  const replay = new Replay({ onTrade: () => {}, onBook: () => {} }, { book });
  const name = bookSource === "incremental_book_L2" ? "bookChanges" : "bookSnapshots";
  const events = new CutEvents({ [name]: bookOfTwoDays(store, day, bookSource) });
  const prices: Price[] = [];
  try {
    for (const timeUs of timesUs) {
      // Arrival times are whole microseconds.
      await events.tell(replay, Math.floor(timeUs) + 1);
      const isKnown = (await events.hasMore()) && book.isValidAt(timeUs, staleAfterUs);
      const [bid, ask] = [book.bidPrice(), book.askPrice()];
      const mid = (bid + ask) / 2;
      const halfSpreadBps = (1e4 * (ask - bid)) / 2 / mid;
      prices.push(isKnown ? { price: mid, halfSpreadBps } : NO_PRICE);
    }
  } finally {
    await events.close();
  }
  return prices;
}

/** Book events of a day and of the next; none of a day that the store has not. */
async function* bookOfTwoDays(
  store: Store,
  day: SymbolDay,
  source: BookSource,
): AsyncGenerator<BookChanges | BookSnapshots> {
  for (const one of [day, neighbour(day, 1)]) {
    if ((await readManifest(store, { ...one, type: source })) === undefined) return;
    const { bookChanges, bookSnapshots } = bookEvents(store, one, source, { isReused: true });
    if (bookChanges !== undefined) yield* bookChanges;
    if (bookSnapshots !== undefined) yield* bookSnapshots;
  }
}

/**
 * Prices of the last trades before times of a day.
 *
 * @param timesUs - ascending
 * @param carried - price of the last trade of the days before; NaN where there was none
 * @throws {DataError} a partition is damaged
 */
export async function plainCloses(
  store: Store,
  day: SymbolDay,
  timesUs: readonly number[],
  carried: number,
): Promise<readonly number[]> {
  const closes: number[] = [];
  let last = carried;
  const settle = (untilUs: number): void => {
    while (closes.length < timesUs.length && timesUs[closes.length]! <= untilUs) closes.push(last);
  };
  if ((await readManifest(store, { ...day, type: "trades" })) !== undefined) {
    for await (const { localTimestampUs, price } of readTrades(store, day, { isReused: true })) {
      for (let i = 0; i < price.length; i++) {
        settle(localTimestampUs[i]!);
        last = price[i]!;
      }
      if (closes.length === timesUs.length) break;
    }
  }
  settle(Number.POSITIVE_INFINITY);
  return closes;
}
