import { newBook } from "./book.js";
import type { BookEvents } from "./book-events.js";
import type { BookSource } from "./book-source.js";
import { STALE_AFTER_US } from "./order-book.js";
import { Replay } from "./replay.js";
import { until } from "./until.js";

/** Mids in force at given times. */
export interface SampledMids {
  /** NaN where the book is not valid then, or the data ends before. */
  readonly mid: Float64Array;
  /** Half of (best ask − best bid) over the mid, bps. */
  readonly halfSpreadBps: Float64Array;
}

/**
 * The mid of the last book state at or before each time. A time counts as known only when a later event was seen: behind the
 * end of the data nobody knows the mid.
 *
 * @param timesUs - ascending
 * @param days - book events of consecutive days; reading stops when all times are settled
 * @param options.source - kind of data that the book is made from; default incremental_book_L2
 * @param options.staleAfterUs - age of the last book event beyond which the book is not valid
 */
export async function sampleMids(
  timesUs: Float64Array,
  days: readonly BookEvents[],
  {
    staleAfterUs = STALE_AFTER_US,
    source = "incremental_book_L2",
  }: { readonly staleAfterUs?: number; readonly source?: BookSource } = {},
): Promise<SampledMids> {
  const mid = new Float64Array(timesUs.length).fill(Number.NaN);
  const halfSpreadBps = new Float64Array(timesUs.length).fill(Number.NaN);
  let next = 0;
  const book = newBook(source);
  // The book holds everything before this arrival time, so it is what was in force until now.
  const onTime = (localUs: number): void => {
    for (; next < timesUs.length && timesUs[next]! < localUs; next++) {
      if (!book.isValidAt(timesUs[next]!, staleAfterUs)) continue;
      mid[next] = book.mid();
      halfSpreadBps[next] = (1e4 * (book.askPrice() - book.bidPrice())) / 2 / mid[next]!;
    }
  };
  const replay = new Replay({ onTrade: () => {}, onBook: () => {}, onTime }, { book });
  const isSettled = (): boolean => next === timesUs.length;
  for (const { bookChanges, bookSnapshots } of days) {
    await replay.run({
      ...(bookChanges === undefined ? {} : { bookChanges: until(bookChanges, isSettled) }),
      ...(bookSnapshots === undefined ? {} : { bookSnapshots: until(bookSnapshots, isSettled) }),
    });
  }
  return { mid, halfSpreadBps };
}
