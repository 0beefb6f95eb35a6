import type { SimulatedBook } from "./simulated-book.js";

/** A trade as the market makes it. */
export interface MadeTrade {
  /** Whole number, one more than that of the trade before. */
  readonly id: number;
  /** The aggressor's: 1 buy, −1 sell. */
  readonly side: 1 | -1;
  readonly ticks: number;
  readonly lots: number;
}

/** Where a simulated day goes, event by event in arrival order. */
export interface DaySink {
  /** One trade. */
  readonly trade: (localUs: number, exchangeUs: number, trade: MadeTrade) => void;
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
