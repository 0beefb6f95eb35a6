import type { BookChanges, BookSnapshots, Quotes } from "../store/tables.js";
import type { Book } from "./book.js";
import type { BookView } from "./book-view.js";
import { OrderBook } from "./order-book.js";
import type { SnapshotBook } from "./snapshot-book.js";

/** What a market tells whom. Times are µs; nothing is allocated per event. */
export interface MarketListener {
  /**
   * A new arrival time begins; nothing of it has been applied, the book still shows the state before. Everything that
   * happens "at t" for a t up to `localUs` is to be settled now.
   */
  onTime?(localUs: number): void;
  /** A trade; `side` is the aggressor's: 1 buy, −1 sell, 0 unknown. The book may already hold later rows: do not read it. */
  onTrade(localUs: number, exchangeUs: number, side: number, price: number, amount: number): void;
  /** A new book state: all rows of one arrival time are applied. */
  onBook(localUs: number, book: BookView): void;
  /** A row of the exchange's own best quotes. */
  onQuote?(localUs: number, quotes: Quotes, row: number): void;
  /** A row of the exchange's or the vendor's own snapshots of the book, of as many levels as there are columns. */
  onSnapshot?(localUs: number, snapshots: BookSnapshots, row: number): void;
}

/** Rows that a market has been given. */
export interface MarketCounts {
  readonly trades: number;
  readonly bookChanges: number;
  /** Those that the book is made from. */
  readonly bookSnapshots: number;
}

/**
 * One market's events in arrival order: applies them to its book and tells a listener. Whoever has the events, be it columns
 * of a store or a connection, gives each one after `begin` with its arrival time. A state of the book is told when the next
 * arrival time begins, since until then more rows of its own may follow.
 */
export class MarketStream {
  readonly book: Book;
  private readonly listener: MarketListener;
  private timeUs = Number.NEGATIVE_INFINITY;
  /** Arrival time of rows that are applied but not yet told. */
  private untoldUs = Number.POSITIVE_INFINITY;
  private tradeCount = 0;
  private changeCount = 0;
  private snapshotCount = 0;

  /**
   * @param listener - is told every event
   * @param options.book - the book to apply changes, or snapshots, to
   */
  constructor(listener: MarketListener, { book = new OrderBook() }: { readonly book?: Book } = {}) {
    this.listener = listener;
    this.book = book;
  }

  /** Rows given so far. */
  get counts(): MarketCounts {
    return {
      trades: this.tradeCount,
      bookChanges: this.changeCount,
      bookSnapshots: this.snapshotCount,
    };
  }

  /** A new arrival time; the same one again, or an earlier one, changes nothing. */
  begin(timeUs: number): void {
    this.settle(timeUs);
    if (timeUs <= this.timeUs) return;
    this.timeUs = timeUs;
    this.listener.onTime?.(timeUs);
  }

  /** Time has come to here, if only elsewhere: a state of the book that arrived before is told. */
  settle(timeUs: number): void {
    if (timeUs > this.untoldUs) this.finish();
  }

  /** A trade of the arrival time that has begun. */
  trade(localUs: number, exchangeUs: number, side: number, price: number, amount: number): void {
    this.tradeCount++;
    this.listener.onTrade(localUs, exchangeUs, side, price, amount);
  }

  /**
   * Rows of the book, all of the arrival time that has begun.
   *
   * @param from - first row
   * @param to - row after the last
   */
  changes(book: OrderBook, rows: BookChanges, from: number, to: number): void {
    book.apply(rows, from, to);
    this.untoldUs = rows.localTimestampUs[from]!;
    this.changeCount += to - from;
  }

  /** The same of whole states, of which the last of an arrival time is the one that counts. */
  snapshots(book: SnapshotBook, rows: BookSnapshots, from: number, to: number): void {
    book.apply(rows, to - 1);
    this.untoldUs = rows.localTimestampUs[from]!;
    this.snapshotCount += to - from;
  }

  /** The connection was lost: the last book state is told, and then there is none until the next snapshot. */
  lose(): void {
    this.finish();
    this.book.reset();
  }

  /** Tells the last book state: the stream ends, or is known to have no more rows of its arrival time. */
  finish(): void {
    if (this.untoldUs === Number.POSITIVE_INFINITY) return;
    const localUs = this.untoldUs;
    this.untoldUs = Number.POSITIVE_INFINITY;
    if (this.book.hasSnapshot) this.listener.onBook(localUs, this.book);
  }
}
