// What can be read of a book, whatever it is made from?

import type { BookSideState } from "./book-side.js";
import type { BookSource } from "./book-source.js";

/** A book in its last state: there is one once all rows of an arrival time are applied. */
export interface BookView {
  /** Kind of data its states come from. */
  readonly source: BookSource;
  /** True from the first whole book on: before it there is no state. */
  readonly hasSnapshot: boolean;
  /** True when the state came as a snapshot in a stream of changes, so that it is no order flow. */
  readonly isSnapshot: boolean;
  /** Arrival time of the state, µs; −∞ before the first. */
  readonly lastEventUs: number;
  /** Number of bid levels that are shown. */
  readonly bidLevels: number;
  /** Number of ask levels that are shown. */
  readonly askLevels: number;
  /** Bid price at level i, 0 is the best and meant where left out; NaN beyond the last. */
  bidPrice(i?: number): number;
  /** Bid amount at level i, as for the price. */
  bidAmount(i?: number): number;
  /** Ask price at level i, 0 is the best and meant where left out; NaN beyond the last. */
  askPrice(i?: number): number;
  /** Ask amount at level i, as for the price. */
  askAmount(i?: number): number;
  /** Sum of the bid amounts of the best levels, as many as there are up to `levels`. */
  bidDepth(levels: number): number;
  /** Sum of the ask amounts of the best levels, as many as there are up to `levels`. */
  askDepth(levels: number): number;
  /**
   * What is read of every state, in one step: methods that return numbers one by one cost more than the book does.
   *
   * @param levels - how many of the best are summed up
   * @param top - is filled with bid price, bid amount, `bidDepth(levels)`, and the same of the asks
   */
  readTop(levels: number, top: Float64Array): void;
  /** Mean of the best prices; NaN when a side is empty. Ask `isValidAt` whether it means anything. */
  mid(): number;
  /** True when there is a state, both sides have levels and the best bid is below the best ask. */
  isOrdered(): boolean;
  /**
   * Whether the state is a valid book at a time.
   *
   * @param timeUs - not before `lastEventUs`
   * @param staleAfterUs - the last book event may be at most this old; one minute where left out
   */
  isValidAt(timeUs: number, staleAfterUs?: number): boolean;
}

/** A book as plain JSON; gives back the same bits. */
export interface BookState {
  readonly source: BookSource;
  readonly bids: BookSideState;
  readonly asks: BookSideState;
  readonly hasSnapshot: boolean;
  readonly isSnapshot: boolean;
  readonly wasSnapshotRow: boolean;
  /** null before the first event. */
  readonly lastEventUs: number | null;
}
