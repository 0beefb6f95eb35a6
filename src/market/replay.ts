import type { BookChanges, Trades } from "../store/tables.js";
import { OrderBook } from "./order-book.js";

/** What a replay tells whom. Times are µs; nothing is allocated per event. */
export interface MarketListener {
  /**
   * A new arrival time begins; nothing of it has been applied, the book still shows the state before. Everything that
   * happens "at t" for a t up to `localUs` is to be settled now.
   */
  onTime?(localUs: number): void;
  /** A trade; `side` is the aggressor's: 1 buy, −1 sell, 0 unknown. The book may already hold later rows: do not read it. */
  onTrade(localUs: number, exchangeUs: number, side: number, price: number, amount: number): void;
  /** A new book state: all rows of one arrival time are applied. */
  onBook(localUs: number, book: OrderBook): void;
}

/** Batches in arrival order; a missing source has no events. */
export interface MarketSources {
  readonly trades?: AsyncIterable<Trades> | Iterable<Trades>;
  readonly bookChanges?: AsyncIterable<BookChanges> | Iterable<BookChanges>;
}

/** Rows a replay has seen. */
export interface ReplayCounts {
  readonly trades: number;
  readonly bookChanges: number;
}

/**
 * Merges trades and book changes in arrival order, trades first at equal arrival times, and tells a listener. Call `run`
 * once per piece (a day, or any cut of the stream) and `finish` after the last: the pieces are one stream.
 */
export class Replay {
  readonly book: OrderBook;
  private readonly listener: MarketListener;
  private timeUs = Number.NEGATIVE_INFINITY;
  /** Arrival time of rows that are applied but not yet told, since more rows of it may follow. */
  private untoldUs = Number.POSITIVE_INFINITY;
  private tradeCount = 0;
  private changeCount = 0;

  /**
   * @param listener - is told every event
   * @param options.book - the book to apply changes to
   */
  constructor(
    listener: MarketListener,
    { book = new OrderBook() }: { readonly book?: OrderBook } = {},
  ) {
    this.listener = listener;
    this.book = book;
  }

  /** Rows seen so far. */
  get counts(): ReplayCounts {
    return { trades: this.tradeCount, bookChanges: this.changeCount };
  }

  /** Replays one piece of the stream. The last arrival time of the book stays open for the next piece. */
  async run(sources: MarketSources): Promise<void> {
    const trades = new Cursor(sources.trades ?? []);
    const changes = new Cursor(sources.bookChanges ?? []);
    for (;;) {
      if (trades.needsBatch()) await trades.next();
      if (changes.needsBatch()) await changes.next();
      if (trades.batch === undefined && changes.batch === undefined) break;
      this.merge(trades, changes);
    }
  }

  /** Ends the stream: the last book state is told. */
  finish(): void {
    if (this.untoldUs === Number.POSITIVE_INFINITY) return;
    const localUs = this.untoldUs;
    this.untoldUs = Number.POSITIVE_INFINITY;
    if (this.book.hasSnapshot) this.listener.onBook(localUs, this.book);
  }

  /** Goes on until one of the batches is used up; a stream that has ended has no batch and holds nothing up. */
  private merge(trades: Cursor<Trades>, changes: Cursor<BookChanges>): void {
    while (!trades.needsBatch() && !changes.needsBatch()) {
      const tradeUs = trades.timeUs();
      const changeUs = changes.timeUs();
      const isTrade = tradeUs <= changeUs;
      const timeUs = isTrade ? tradeUs : changeUs;
      if (timeUs === Number.POSITIVE_INFINITY) return;
      this.begin(timeUs);
      if (isTrade) this.tellTrade(trades.batch!, trades.row++);
      else changes.row = this.applyChanges(changes.batch!, changes.row);
    }
  }

  private begin(timeUs: number): void {
    if (timeUs > this.untoldUs) this.finish();
    if (timeUs <= this.timeUs) return;
    this.timeUs = timeUs;
    this.listener.onTime?.(timeUs);
  }

  private tellTrade(trades: Trades, i: number): void {
    this.tradeCount++;
    this.listener.onTrade(
      trades.localTimestampUs[i]!,
      trades.timestampUs[i]!,
      trades.side[i]!,
      trades.price[i]!,
      trades.amount[i]!,
    );
  }

  private applyChanges(changes: BookChanges, from: number): number {
    const times = changes.localTimestampUs;
    const timeUs = times[from]!;
    let to = from + 1;
    while (to < times.length && times[to] === timeUs) to++;
    this.book.apply(changes, from, to);
    this.untoldUs = timeUs;
    this.changeCount += to - from;
    return to;
  }
}

/** Where a stream of batches stands. */
class Cursor<Table extends Trades | BookChanges> {
  batch: Table | undefined;
  row = 0;
  private hasEnded = false;
  private readonly batches: AsyncIterator<Table> | Iterator<Table>;

  constructor(source: AsyncIterable<Table> | Iterable<Table>) {
    this.batches =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  needsBatch(): boolean {
    return !this.hasEnded && (this.batch === undefined || this.row >= this.batch.price.length);
  }

  timeUs(): number {
    return this.batch === undefined
      ? Number.POSITIVE_INFINITY
      : this.batch.localTimestampUs[this.row]!;
  }

  async next(): Promise<void> {
    this.row = 0;
    do {
      const { done, value } = await this.batches.next();
      this.hasEnded = done === true;
      this.batch = this.hasEnded ? undefined : (value as Table);
    } while (!this.hasEnded && this.batch?.price.length === 0);
  }
}
