import type { BookEvents } from "./book-events.js";
import { type SampleOptions, sampleStates } from "./sample-states.js";

/** Levels of one side of n books, one book after the other, best first. */
export interface SampledSide {
  /** n + 1 places: the levels of book i begin at `starts[i]` and end before `starts[i + 1]`. */
  readonly starts: Uint32Array;
  readonly price: Float64Array;
  /** As the feed has it, in whatever the market's contract says. */
  readonly amount: Float64Array;
}

/** The best levels of books at n times. A book that was not valid, or is not known, has no levels. */
export interface SampledBooks {
  readonly bids: SampledSide;
  readonly asks: SampledSide;
}

/** Most levels of a side that are sampled unless more or fewer are asked for: what `book_snapshot_25` shows. */
const LEVELS = 25;

/**
 * The best levels of the last book state at or before each time.
 *
 * @param timesUs - n times, ascending
 * @param days - book events of consecutive days; reading stops when all times are settled
 * @param options.levels - of each side at most
 */
export async function sampleBooks(
  timesUs: Float64Array,
  days: readonly BookEvents[],
  { levels = LEVELS, ...options }: SampleOptions & { readonly levels?: number } = {},
): Promise<SampledBooks> {
  const bids = new SideColumns();
  const asks = new SideColumns();
  await sampleStates(
    timesUs,
    days,
    (i, book) => {
      bids.begin(i);
      asks.begin(i);
      const [bidEnd, askEnd] = [Math.min(levels, book.bidLevels), Math.min(levels, book.askLevels)];
      for (let level = 0; level < bidEnd; level++) {
        bids.add(book.bidPrice(level), book.bidAmount(level));
      }
      for (let level = 0; level < askEnd; level++) {
        asks.add(book.askPrice(level), book.askAmount(level));
      }
    },
    options,
  );
  return { bids: bids.finish(timesUs.length), asks: asks.finish(timesUs.length) };
}

/** Grows the columns of one side, book by book. */
export class SideColumns {
  private readonly starts: number[] = [];
  private readonly prices: number[] = [];
  private readonly amounts: number[] = [];

  /** What is added from here on are the levels of the i-th book; books that are left out have none. */
  begin(i: number): void {
    while (this.starts.length <= i) this.starts.push(this.prices.length);
  }

  add(price: number, amount: number): void {
    this.prices.push(price);
    this.amounts.push(amount);
  }

  /** @param books - n, how many there are */
  finish(books: number): SampledSide {
    this.begin(books);
    return {
      starts: Uint32Array.from(this.starts),
      price: Float64Array.from(this.prices),
      amount: Float64Array.from(this.amounts),
    };
  }
}
