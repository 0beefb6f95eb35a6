import { ShapeError } from "../core/errors.js";
import { numbersToText, textToNumbers } from "../core/exact-numbers.js";
import type { BookSnapshots } from "../store/tables.js";
import type { BookSideState } from "./book-side.js";
import { requireSource, type SnapshotSource, shownLevels } from "./book-source.js";
import type { BookState, BookView } from "./book-view.js";
import { STALE_AFTER_US } from "./order-book.js";

/**
 * A book whose states are the rows of `book_snapshot_N`: the best N levels of each side, as the vendor shows them. Every
 * row is an ordinary state, so that what lies between two is order flow. A level without a price, or of amount 0, is none.
 */
export class SnapshotBook implements BookView {
  readonly source: SnapshotSource;
  readonly isSnapshot: boolean = false;
  private readonly levels: number;
  private readonly bids: ShownSide;
  private readonly asks: ShownSide;
  private eventUs = Number.NEGATIVE_INFINITY;

  /** @param source - kind of data the rows come from */
  constructor(source: SnapshotSource) {
    this.source = source;
    this.levels = shownLevels(source);
    this.bids = new ShownSide(this.levels);
    this.asks = new ShownSide(this.levels);
  }

  get hasSnapshot(): boolean {
    return this.eventUs !== Number.NEGATIVE_INFINITY;
  }

  get lastEventUs(): number {
    return this.eventUs;
  }

  get bidLevels(): number {
    return this.bids.size;
  }

  get askLevels(): number {
    return this.asks.size;
  }

  bidPrice(i = 0): number {
    return this.bids.price(i);
  }

  bidAmount(i = 0): number {
    return this.bids.amount(i);
  }

  askPrice(i = 0): number {
    return this.asks.price(i);
  }

  askAmount(i = 0): number {
    return this.asks.amount(i);
  }

  bidDepth(levels: number): number {
    return this.bids.depth(levels);
  }

  askDepth(levels: number): number {
    return this.asks.depth(levels);
  }

  readTop(levels: number, top: Float64Array): void {
    this.bids.readTop(levels, top, 0);
    this.asks.readTop(levels, top, 3);
  }

  mid(): number {
    return (this.bids.price(0) + this.asks.price(0)) / 2;
  }

  isOrdered(): boolean {
    return this.bids.price(0) < this.asks.price(0);
  }

  isValidAt(timeUs: number, staleAfterUs: number = STALE_AFTER_US): boolean {
    return timeUs - this.eventUs <= staleAfterUs && this.isOrdered();
  }

  /**
   * Becomes what a row shows. Of several rows of one arrival time the last is the state: apply that one alone.
   *
   * @throws {ShapeError} the rows have more or fewer levels than the source
   */
  apply(snapshots: BookSnapshots, row: number): void {
    if (snapshots.bidPrice.length !== this.levels) {
      throw new ShapeError({
        message: `the rows had ${snapshots.bidPrice.length} levels a side, expected ${this.levels} as in ${this.source}`,
        fix: "read every level of the type that the book is made from",
      });
    }
    this.bids.take(snapshots.bidPrice, snapshots.bidAmount, row);
    this.asks.take(snapshots.askPrice, snapshots.askAmount, row);
    this.eventUs = snapshots.localTimestampUs[row]!;
  }

  /** Forgets everything: the connection was lost. The next row is a whole state again. */
  reset(): void {
    this.bids.clear();
    this.asks.clear();
    this.eventUs = Number.NEGATIVE_INFINITY;
  }

  /** The whole book as plain JSON. */
  save(): BookState {
    return {
      source: this.source,
      bids: this.bids.save(),
      asks: this.asks.save(),
      hasSnapshot: this.hasSnapshot,
      isSnapshot: false,
      wasSnapshotRow: false,
      lastEventUs: this.hasSnapshot ? this.eventUs : null,
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
    this.eventUs = state.lastEventUs ?? Number.NEGATIVE_INFINITY;
  }
}

/** One side's levels, best first; copies, since a batch's arrays may be filled anew. */
class ShownSide {
  size = 0;
  private readonly prices: Float64Array;
  private readonly amounts: Float64Array;

  constructor(levels: number) {
    this.prices = new Float64Array(levels);
    this.amounts = new Float64Array(levels);
  }

  price(i: number): number {
    return i < this.size ? this.prices[i]! : Number.NaN;
  }

  amount(i: number): number {
    return i < this.size ? this.amounts[i]! : Number.NaN;
  }

  depth(levels: number): number {
    const end = Math.min(levels, this.size);
    let sum = 0;
    for (let i = 0; i < end; i++) sum += this.amounts[i]!;
    return sum;
  }

  readTop(levels: number, top: Float64Array, at: number): void {
    top[at] = this.price(0);
    top[at + 1] = this.amount(0);
    top[at + 2] = this.depth(levels);
  }

  take(price: readonly Float64Array[], amount: readonly Float64Array[], row: number): void {
    this.size = 0;
    for (let level = 0; level < price.length; level++) {
      this.add(price[level]![row]!, amount[level]![row]!);
    }
  }

  clear(): void {
    this.size = 0;
  }

  /** Price and amount in turn, worst level first. */
  save(): BookSideState {
    const levels = new Float64Array(2 * this.size);
    for (let i = 0; i < this.size; i++) {
      levels[2 * (this.size - 1 - i)] = this.prices[i]!;
      levels[2 * (this.size - 1 - i) + 1] = this.amounts[i]!;
    }
    return numbersToText(levels);
  }

  restore(state: BookSideState): void {
    const levels = textToNumbers(state);
    this.size = 0;
    for (let i = levels.length - 2; i >= 0; i -= 2) this.add(levels[i]!, levels[i + 1]!);
  }

  /** Adds the next worse level, if it is one. An unknown amount stays unknown. */
  private add(price: number, amount: number): void {
    if (!(price > 0) || amount === 0) return;
    this.prices[this.size] = price;
    this.amounts[this.size] = amount;
    this.size++;
  }
}
