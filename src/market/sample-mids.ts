import type { BookEvents } from "./book-events.js";
import type { BookView } from "./book-view.js";
import {
  type SampleOptions,
  type StateSampler,
  sampleStates,
  stateSampler,
} from "./sample-states.js";

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
  const { mid, halfSpreadBps, show } = midColumns(timesUs.length);
  await sampleStates(timesUs, days, show, options);
  return { mid, halfSpreadBps };
}

/**
 * The same samples of a book that a replay with other work fills; the columns fill up as it goes.
 *
 * @param timesUs - ascending
 * @param book - the replay's
 */
export function midSampler(timesUs: Float64Array, book: BookView): SampledMids & StateSampler {
  const { mid, halfSpreadBps, show } = midColumns(timesUs.length);
  return { mid, halfSpreadBps, ...stateSampler(timesUs, book, show) };
}

function midColumns(
  rows: number,
): SampledMids & { readonly show: (i: number, book: BookView) => void } {
  const mid = new Float64Array(rows).fill(Number.NaN);
  const halfSpreadBps = new Float64Array(rows).fill(Number.NaN);
  const show = (i: number, book: BookView): void => {
    mid[i] = book.mid();
    halfSpreadBps[i] = (1e4 * (book.askPrice() - book.bidPrice())) / 2 / mid[i]!;
  };
  return { mid, halfSpreadBps, show };
}
