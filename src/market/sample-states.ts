import { newBook } from "./book.js";
import type { BookEvents } from "./book-events.js";
import type { BookSource } from "./book-source.js";
import type { BookView } from "./book-view.js";
import { STALE_AFTER_US } from "./order-book.js";
import { Replay } from "./replay.js";
import { until } from "./until.js";

/** How a book is replayed for samples of it. */
export interface SampleOptions {
  /** Kind of data that the book is made from; default incremental_book_L2. */
  readonly source?: BookSource;
  /** Age of the last book event beyond which the book is not valid; default one minute. */
  readonly staleAfterUs?: number;
}

/**
 * Shows the last book state at or before each time, where it is a valid book then. A time counts as known only when a later
 * event was seen: behind the end of the data nobody knows the book.
 *
 * @param timesUs - ascending
 * @param days - book events of consecutive days; reading stops when all times are settled
 * @param show - is told the number of a time and the book in force then, to be read at once; not told of other times
 */
export async function sampleStates(
  timesUs: Float64Array,
  days: readonly BookEvents[],
  show: (i: number, book: BookView) => void,
  { staleAfterUs = STALE_AFTER_US, source = "incremental_book_L2" }: SampleOptions = {},
): Promise<void> {
  const book = newBook(source);
  const { onTime, isSettled } = stateSampler(timesUs, book, show, staleAfterUs);
  const replay = new Replay({ onTrade: () => {}, onBook: () => {}, onTime }, { book });
  for (const { bookChanges, bookSnapshots } of days) {
    await replay.run({
      ...(bookChanges === undefined ? {} : { bookChanges: until(bookChanges, isSettled) }),
      ...(bookSnapshots === undefined ? {} : { bookSnapshots: until(bookSnapshots, isSettled) }),
    });
  }
}

/** Looks at a book at given times while a replay fills it. */
export interface StateSampler {
  /** To be called by the replay's listener before anything of a new arrival time is applied. */
  readonly onTime: (localUs: number) => void;
  /** Whether all times have come. */
  readonly isSettled: () => boolean;
}

/**
 * The same samples of a book that a replay with other work fills.
 *
 * @param book - the replay's
 * @param staleAfterUs - age of the last book event beyond which the book is not valid; default one minute
 */
export function stateSampler(
  timesUs: Float64Array,
  book: BookView,
  show: (i: number, book: BookView) => void,
  staleAfterUs: number = STALE_AFTER_US,
): StateSampler {
  let next = 0;
  return {
    // The book holds everything before this arrival time, so it is what was in force until now.
    onTime: (localUs) => {
      for (; next < timesUs.length && timesUs[next]! < localUs; next++) {
        if (book.isValidAt(timesUs[next]!, staleAfterUs)) show(next, book);
      }
    },
    isSettled: () => next === timesUs.length,
  };
}
