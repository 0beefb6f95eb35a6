// How long has the stream that a row belongs to been running when its bar ends?
import { DAY_US } from "../../core/time.js";
import { NO_BOOK_BIT, NO_TRADE_BIT } from "../catalogue.js";

/** Rows of one day, as far as ages depend on them. */
export interface AgedRows {
  readonly barEndUs: Float64Array;
  /** NaN before the stream's first trade. */
  readonly close: Float64Array;
  readonly valid: BigUint64Array;
}

/** Ages of rows; −1 where what they count from has not come yet. */
export interface RowAges {
  /** Bars since the stream's first trade; 0 for its own bar. */
  readonly sinceTrade: Int32Array;
  /** Bars since the stream's first bar with a valid book at its end. */
  readonly sinceBook: Int32Array;
  /** Bars since 00:00 UTC; −1 on a day whose 00:00 the stream did not see. */
  readonly sinceMidnight: Int32Array;
  /** Consecutive bars without a trade up to this one; 0 where something traded. */
  readonly quietBars: Int32Array;
  /** Bars without a valid book at their end up to this one, since the clock began: only differences count. */
  readonly booklessBars: Int32Array;
  /** The same of the rows of the days before, as far as they were looked at. */
  readonly earlierBookless: Int32Array;
}

/**
 * Ages of no rows yet.
 *
 * @param earlierBookless - bars without a valid book up to each row of the days before
 */
export function newAges(rows: number, earlierBookless: Int32Array = new Int32Array(0)): RowAges {
  return {
    sinceTrade: new Int32Array(rows),
    sinceBook: new Int32Array(rows),
    sinceMidnight: new Int32Array(rows),
    quietBars: new Int32Array(rows),
    booklessBars: new Int32Array(rows),
    earlierBookless,
  };
}

/** Counts bars day after day, each stream from its own start. */
export class StreamClock {
  private readonly barUs: number;
  /** Bar ends of the stream's first bar, first trade and first valid book; NaN until they come. */
  private firstBarUs = Number.NaN;
  private firstTradeUs = Number.NaN;
  private firstBookUs = Number.NaN;
  private quiet = 0;
  private bookless = 0;

  /** @param barUs - length of a bar, µs */
  constructor(barUs: number) {
    this.barUs = barUs;
  }

  /** What follows was computed without a state carried over: all but the bars without a book is counted anew. */
  beginStream(): void {
    this.firstBarUs = Number.NaN;
    this.firstTradeUs = Number.NaN;
    this.firstBookUs = Number.NaN;
    this.quiet = 0;
  }

  /**
   * Takes the next day.
   *
   * @param ages - where the ages of its rows go, from row `at` on
   */
  takeDay({ barEndUs, close, valid }: AgedRows, ages: RowAges, at: number): void {
    for (let row = 0; row < barEndUs.length; row++) {
      const endUs = barEndUs[row]!;
      const hasTrade = !hasBit(valid[row]!, NO_TRADE_BIT);
      const hasBook = !hasBit(valid[row]!, NO_BOOK_BIT);
      if (Number.isNaN(this.firstBarUs)) this.firstBarUs = endUs;
      if (Number.isNaN(this.firstTradeUs) && !Number.isNaN(close[row]!)) this.firstTradeUs = endUs;
      if (Number.isNaN(this.firstBookUs) && hasBook) this.firstBookUs = endUs;
      this.quiet = hasTrade ? 0 : this.quiet + 1;
      if (!hasBook) this.bookless++;
      const midnightUs = endUs - this.barUs - ((endUs - this.barUs) % DAY_US);
      const hasSeenMidnight = this.firstBarUs - this.barUs <= midnightUs;
      ages.sinceTrade[at + row] = this.bars(this.firstTradeUs, endUs);
      ages.sinceBook[at + row] = this.bars(this.firstBookUs, endUs);
      ages.sinceMidnight[at + row] = hasSeenMidnight ? this.bars(midnightUs, endUs) - 1 : -1;
      ages.quietBars[at + row] = this.quiet;
      ages.booklessBars[at + row] = this.bookless;
    }
  }

  private bars(fromUs: number, toUs: number): number {
    return Number.isNaN(fromUs) ? -1 : Math.round((toUs - fromUs) / this.barUs);
  }
}

/** Whether a mask has a bit. */
export function hasBit(mask: bigint, bit: number): boolean {
  return ((mask >> BigInt(bit)) & 1n) === 1n;
}
