import type { SimulatedBook } from "./simulated-book.js";

/** Where a simulated day goes, event by event in arrival order. */
export interface DaySink {
  /**
   * One trade.
   *
   * @param side - the aggressor's: 1 buy, −1 sell
   * @param id - whole number, one more than that of the trade before
   */
  readonly trade: (
    localUs: number,
    exchangeUs: number,
    trade: {
      readonly id: number;
      readonly side: 1 | -1;
      readonly ticks: number;
      readonly lots: number;
    },
  ) => void;
  /** A batch of book changes, already applied; `book` notes which levels changed. A snapshot is the whole book. */
  readonly book: (
    localUs: number,
    exchangeUs: number,
    book: SimulatedBook,
    isSnapshot: boolean,
  ) => void;
  /** A minute is over; the sink may write out what it holds before the next begins. */
  readonly minuteEnd: () => Promise<void>;
}
