import { SECOND_US } from "../core/time.js";
import type { BookChanges } from "../store/tables.js";
import { BookSide } from "./book-side.js";
import { type BookSource, requireSource } from "./book-source.js";
import type { BookState, BookView } from "./book-view.js";

/** How old the last book event may be before the book counts as invalid, unless an exchange sets its own. */
export const STALE_AFTER_US: number = 60 * SECOND_US;

/**
 * An order book rebuilt from price-level changes. Rows of one arrival time are applied together; only then is there a
 * state to look at, because half of a message's rows leave a book that never was.
 *
 * Amounts are absolute, 0 deletes, deletes of unknown levels are ignored. The first snapshot row after a row that is
 * none, or of another arrival time, empties the book; rows before the first snapshot are skipped.
 */
export class OrderBook implements BookView {
  readonly source: BookSource = "incremental_book_L2";
  private readonly bids = new BookSide(1);
  private readonly asks = new BookSide(-1);
  private snapshotSeen = false;
  private snapshotState = false;
  private wasSnapshotRow = false;
  private eventUs = Number.NEGATIVE_INFINITY;

  /** True from the first snapshot on: before it there is no state. */
  get hasSnapshot(): boolean {
    return this.snapshotSeen;
  }

  /** True when rows of the current arrival time were part of a snapshot, so that the state is no order flow. */
  get isSnapshot(): boolean {
    return this.snapshotState;
  }

  /** Arrival time of the current state, µs; −∞ before the first. */
  get lastEventUs(): number {
    return this.eventUs;
  }

  /** Number of bid levels. */
  get bidLevels(): number {
    return this.bids.size;
  }

  /** Number of ask levels. */
  get askLevels(): number {
    return this.asks.size;
  }

  /** Bid price at level i, 0 is the best; NaN beyond the last. */
  bidPrice(i = 0): number {
    return this.bids.price(i);
  }

  /** Bid amount at level i, 0 is the best; NaN beyond the last. */
  bidAmount(i = 0): number {
    return this.bids.amount(i);
  }

  /** Ask price at level i, 0 is the best; NaN beyond the last. */
  askPrice(i = 0): number {
    return this.asks.price(i);
  }

  /** Ask amount at level i, 0 is the best; NaN beyond the last. */
  askAmount(i = 0): number {
    return this.asks.amount(i);
  }

  /** Sum of the bid amounts of the best levels, as many as there are up to `levels`. */
  bidDepth(levels: number): number {
    return this.bids.depth(levels);
  }

  /** Sum of the ask amounts of the best levels, as many as there are up to `levels`. */
  askDepth(levels: number): number {
    return this.asks.depth(levels);
  }

  /** Fills in best bid price, its amount and the sum of the best bid amounts, then the same of the asks. */
  readTop(levels: number, top: Float64Array): void {
    this.bids.readTop(levels, top, 0);
    this.asks.readTop(levels, top, 3);
  }

  /** Mean of the best prices; NaN when a side is empty. Ask `isValidAt` whether it means anything. */
  mid(): number {
    return (this.bids.price(0) + this.asks.price(0)) / 2;
  }

  /** True when a snapshot was seen, both sides have levels and the best bid is below the best ask. */
  isOrdered(): boolean {
    return this.snapshotSeen && this.bids.price(0) < this.asks.price(0);
  }

  /**
   * Whether the state is a valid book at a time.
   *
   * @param timeUs - not before `lastEventUs`
   * @param staleAfterUs - the last book event may be at most this old
   */
  isValidAt(timeUs: number, staleAfterUs: number = STALE_AFTER_US): boolean {
    return timeUs - this.eventUs <= staleAfterUs && this.isOrdered();
  }

  /**
   * Applies rows of one arrival time; a second call with the same time goes on with it.
   *
   * @param changes - rows in arrival order
   * @param from - first row
   * @param to - row after the last; all rows between have the same `localTimestampUs`
   */
  apply(changes: BookChanges, from: number, to: number): void {
    const { isSnapshot, side, price, amount } = changes;
    const timeUs = changes.localTimestampUs[from]!;
    if (timeUs !== this.eventUs) this.snapshotState = false;
    // Rows of one side and kind come in runs.
    for (let i = from, end = from; i < to; i = end) {
      const sign = side[i]!;
      const kind = isSnapshot[i]!;
      while (end < to && side[end] === sign && isSnapshot[end] === kind) end++;
      if (kind === 1) {
        if (!this.wasSnapshotRow || timeUs !== this.eventUs) this.beginSnapshot(timeUs);
        this.snapshotSeen = true;
        this.snapshotState = true;
      }
      this.wasSnapshotRow = kind === 1;
      if (this.snapshotSeen) (sign === 1 ? this.bids : this.asks).setRows(price, amount, i, end);
    }
    if (this.snapshotSeen) this.eventUs = timeUs;
  }

  /** Forgets everything: the connection was lost, and rows up to the next snapshot are of a book that nobody knows. */
  reset(): void {
    this.bids.clear();
    this.asks.clear();
    this.snapshotSeen = false;
    this.snapshotState = false;
    this.wasSnapshotRow = false;
    this.eventUs = Number.NEGATIVE_INFINITY;
  }

  /** The whole book as plain JSON. */
  save(): BookState {
    return {
      source: this.source,
      bids: this.bids.save(),
      asks: this.asks.save(),
      hasSnapshot: this.snapshotSeen,
      isSnapshot: this.snapshotState,
      wasSnapshotRow: this.wasSnapshotRow,
      lastEventUs: this.snapshotSeen ? this.eventUs : null,
    };
  }

  /**
   * Takes over a saved book in place of its own levels.
   *
   * @throws {DataError} it is one of another source
   */
  restore(state: BookState): void {
    requireSource(state.source, this.source);
    this.bids.restore(state.bids);
    this.asks.restore(state.asks);
    this.snapshotSeen = state.hasSnapshot;
    this.snapshotState = state.isSnapshot;
    this.wasSnapshotRow = state.wasSnapshotRow;
    this.eventUs = state.lastEventUs ?? Number.NEGATIVE_INFINITY;
  }

  private beginSnapshot(timeUs: number): void {
    this.bids.clear();
    this.asks.clear();
    this.eventUs = timeUs;
  }
}
