import type { BookChanges } from "../store/tables.js";
import { STALE_AFTER_US } from "./order-book.js";
import { Replay } from "./replay.js";

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
 * @param days - book changes of consecutive days; reading stops when all times are settled
 * @param options.staleAfterUs - age of the last book event beyond which the book is not valid
 */
export async function sampleMids(
  timesUs: Float64Array,
  days: readonly AsyncIterable<BookChanges>[],
  { staleAfterUs = STALE_AFTER_US }: { readonly staleAfterUs?: number } = {},
): Promise<SampledMids> {
  const mid = new Float64Array(timesUs.length).fill(Number.NaN);
  const halfSpreadBps = new Float64Array(timesUs.length).fill(Number.NaN);
  let next = 0;
  const replay = new Replay({
    onTrade: () => {},
    onBook: () => {},
    // The book holds everything before this arrival time, so it is what was in force until now.
    onTime: (localUs) => {
      for (; next < timesUs.length && timesUs[next]! < localUs; next++) {
        if (!replay.book.isValidAt(timesUs[next]!, staleAfterUs)) continue;
        mid[next] = replay.book.mid();
        halfSpreadBps[next] =
          (1e4 * (replay.book.askPrice() - replay.book.bidPrice())) / 2 / mid[next]!;
      }
    },
  });
  const isSettled = (): boolean => next === timesUs.length;
  for (const day of days) await replay.run({ bookChanges: until(day, isSettled) });
  return { mid, halfSpreadBps };
}

async function* until<Batch>(
  batches: AsyncIterable<Batch>,
  isOver: () => boolean,
): AsyncGenerator<Batch> {
  if (isOver()) return;
  for await (const batch of batches) {
    yield batch;
    if (isOver()) return;
  }
}
