import type { BookEvents } from "./book-events.js";
import { type SampleOptions, sampleStates } from "./sample-states.js";

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
 */
export async function sampleMids(
  timesUs: Float64Array,
  days: readonly BookEvents[],
  options: SampleOptions = {},
): Promise<SampledMids> {
  const mid = new Float64Array(timesUs.length).fill(Number.NaN);
  const halfSpreadBps = new Float64Array(timesUs.length).fill(Number.NaN);
  await sampleStates(
    timesUs,
    days,
    (i, book) => {
      mid[i] = book.mid();
      halfSpreadBps[i] = (1e4 * (book.askPrice() - book.bidPrice())) / 2 / mid[i]!;
    },
    options,
  );
  return { mid, halfSpreadBps };
}
