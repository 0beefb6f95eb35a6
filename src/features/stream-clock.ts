// How long has the stream that a row belongs to been running when its bar ends?
import { DAY_US } from "../core/time.js";
import { NO_BOOK_BIT, NO_TRADE_BIT } from "./catalogue.js";
import type { Stateful } from "./feature.js";

/** Bars up to a row since something was; −1 where it has not been yet. */
export interface StreamAge {
  /** Since the stream's first trade; 0 for its own bar. */
  readonly sinceTrade: number;
  /** Since the stream's first bar with a valid book at its end. */
  readonly sinceBook: number;
  /** Since 00:00 UTC; −1 on a day whose 00:00 the stream did not see. */
  readonly sinceMidnight: number;
  /** Consecutive bars without a trade up to this one; 0 where something traded. */
  readonly quietBars: number;
  /** Consecutive bars with a valid book at their end up to this one, of this stream; 0 where there is none. */
  readonly bookBars: number;
}

/** Counts the bars of one stream after the other, from what is known when they close. */
export class StreamClock implements StreamAge, Stateful {
  sinceTrade = -1;
  sinceBook = -1;
  sinceMidnight = -1;
  quietBars = 0;
  bookBars = 0;
  private readonly barUs: number;

  /** @param barUs - length of a bar, µs */
  constructor(barUs: number) {
    this.barUs = barUs;
  }

  /** What follows was computed without a state carried over. */
  beginStream(): void {
    this.restore([-1, -1, -1, 0, 0]);
  }

  /**
   * Takes the next bar, which ends one bar after the last unless a stream begins.
   *
   * @param close - NaN before the stream's first trade
   * @param mask - `valid` of the row
   */
  next(barEndUs: number, close: number, mask: bigint): void {
    const hasTrade = !hasBit(mask, NO_TRADE_BIT);
    const hasBook = !hasBit(mask, NO_BOOK_BIT);
    const barOfDay = Math.round(((barEndUs - this.barUs) % DAY_US) / this.barUs);
    if (this.sinceTrade >= 0 || !Number.isNaN(close)) this.sinceTrade++;
    if (this.sinceBook >= 0 || hasBook) this.sinceBook++;
    if (barOfDay === 0 || this.sinceMidnight >= 0) this.sinceMidnight = barOfDay;
    this.quietBars = hasTrade ? 0 : this.quietBars + 1;
    this.bookBars = hasBook ? this.bookBars + 1 : 0;
  }

  save(): readonly number[] {
    const { sinceTrade, sinceBook, sinceMidnight, quietBars, bookBars } = this;
    return [sinceTrade, sinceBook, sinceMidnight, quietBars, bookBars];
  }

  restore(state: ArrayLike<number>): void {
    this.sinceTrade = state[0]!;
    this.sinceBook = state[1]!;
    this.sinceMidnight = state[2]!;
    this.quietBars = state[3]!;
    this.bookBars = state[4]!;
  }
}

/** Whether a mask has a bit. */
export function hasBit(mask: bigint, bit: number): boolean {
  return ((mask >> BigInt(bit)) & 1n) === 1n;
}
