import type { FillBook } from "../trading/fill.js";

/** The touch that was last known, without an end of its amounts: what closing costs where no book takes the order. */
export class LastTouch implements FillBook {
  readonly bidLevels = 1;
  readonly askLevels = 1;
  private bid = Number.NaN;
  private ask = Number.NaN;
  private middle = Number.NaN;

  /** Remembers a book's touch; one without a mid is passed over. */
  see(book: FillBook): void {
    const middle = book.mid();
    if (!(middle > 0)) return;
    this.bid = book.bidPrice();
    this.ask = book.askPrice();
    this.middle = middle;
  }

  bidPrice(): number {
    return this.bid;
  }

  askPrice(): number {
    return this.ask;
  }

  bidAmount(): number {
    return Number.POSITIVE_INFINITY;
  }

  askAmount(): number {
    return Number.POSITIVE_INFINITY;
  }

  /** NaN where no touch was known yet. */
  mid(): number {
    return this.middle;
  }
}
