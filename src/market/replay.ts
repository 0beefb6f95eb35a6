import { OptionError } from "../core/errors.js";
import { runStarts } from "../store/parquet/known-runs.js";
import type { BookChanges, BookSnapshots, Quotes, Trades } from "../store/tables.js";
import type { Book } from "./book.js";
import type { BookView } from "./book-view.js";
import { OrderBook } from "./order-book.js";
import type { SnapshotBook } from "./snapshot-book.js";

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
  onBook(localUs: number, book: BookView): void;
  /** A row of the exchange's own best quotes. */
  onQuote?(localUs: number, quotes: Quotes, row: number): void;
  /** A row of the exchange's or the vendor's own snapshots of the book, of as many levels as there are columns. */
  onSnapshot?(localUs: number, snapshots: BookSnapshots, row: number): void;
}

/** Batches in arrival order; a missing source has no events. */
export interface MarketSources {
  readonly trades?: Batches<Trades>;
  readonly bookChanges?: Batches<BookChanges>;
  /** In place of changes, where the book is made from snapshots: they are told as its states, and not as snapshots. */
  readonly bookSnapshots?: Batches<BookSnapshots>;
  readonly quotes?: Batches<Quotes>;
  readonly snapshots?: Batches<BookSnapshots>;
  /** Snapshots of fewer levels, where there are two kinds. */
  readonly shallowSnapshots?: Batches<BookSnapshots>;
}

type Batches<Table> = AsyncIterable<Table> | Iterable<Table>;

/** Rows a replay has seen. */
export interface ReplayCounts {
  readonly trades: number;
  readonly bookChanges: number;
  /** Those that the book is made from. */
  readonly bookSnapshots: number;
}

/**
 * Merges trades, book changes, quotes and snapshots in arrival order, in this order at equal arrival times, and tells a
 * listener. Call `run` once per piece (a day, or any cut of the stream) and `finish` after the last: the pieces are one
 * stream.
 */
export class Replay {
  readonly book: Book;
  private readonly listener: MarketListener;
  private timeUs = Number.NEGATIVE_INFINITY;
  /** Arrival time of rows that are applied but not yet told, since more rows of it may follow. */
  private untoldUs = Number.POSITIVE_INFINITY;
  private tradeCount = 0;
  private changeCount = 0;
  private snapshotCount = 0;
  private readonly runEnds = new RunEnds();

  /**
   * @param listener - is told every event
   * @param options.book - the book to apply changes, or snapshots, to
   */
  constructor(listener: MarketListener, { book = new OrderBook() }: { readonly book?: Book } = {}) {
    this.listener = listener;
    this.book = book;
  }

  /** Rows seen so far. */
  get counts(): ReplayCounts {
    return {
      trades: this.tradeCount,
      bookChanges: this.changeCount,
      bookSnapshots: this.snapshotCount,
    };
  }

  /**
   * Replays one piece of the stream. The last arrival time of the book stays open for the next piece.
   *
   * @throws {OptionError} changes for a book that is made from snapshots, or the other way round
   */
  async run(sources: MarketSources): Promise<void> {
    const { trades, bookChanges, bookSnapshots, quotes, snapshots, shallowSnapshots } = sources;
    const { listener, book } = this;
    const cursors: MarketCursor[] = [];
    if (trades !== undefined) {
      cursors.push(new Cursor(trades, (batch, row) => this.tellTrade(batch, row)));
    }
    if (bookChanges !== undefined) {
      if (!(book instanceof OrderBook)) throw misfit(book, "changes");
      cursors.push(new Cursor(bookChanges, (batch, row) => this.applyChanges(book, batch, row)));
    }
    if (bookSnapshots !== undefined) {
      if (book instanceof OrderBook) throw misfit(book, "snapshots");
      cursors.push(new Cursor(bookSnapshots, (batch, row) => this.applyLast(book, batch, row)));
    }
    if (quotes !== undefined) {
      cursors.push(
        new Cursor(quotes, (batch, row) => {
          listener.onQuote?.(batch.localTimestampUs[row]!, batch, row);
          return row + 1;
        }),
      );
    }
    for (const kind of [snapshots, shallowSnapshots]) {
      if (kind === undefined) continue;
      cursors.push(
        new Cursor(kind, (batch, row) => {
          listener.onSnapshot?.(batch.localTimestampUs[row]!, batch, row);
          return row + 1;
        }),
      );
    }
    while (cursors.length > 0) {
      for (let i = cursors.length - 1; i >= 0; i--) {
        if (cursors[i]!.needsBatch() && !(await cursors[i]!.next())) cursors.splice(i, 1);
      }
      this.merge(cursors);
    }
  }

  /** Ends the stream: the last book state is told. */
  finish(): void {
    if (this.untoldUs === Number.POSITIVE_INFINITY) return;
    const localUs = this.untoldUs;
    this.untoldUs = Number.POSITIVE_INFINITY;
    if (this.book.hasSnapshot) this.listener.onBook(localUs, this.book);
  }

  /** Goes on until one of the batches is used up. */
  private merge(cursors: readonly MarketCursor[]): void {
    if (cursors.length === 0) return;
    for (;;) {
      let first = cursors[0]!;
      if (first.needsBatch()) return;
      for (let i = 1; i < cursors.length; i++) {
        const other = cursors[i]!;
        if (other.needsBatch()) return;
        if (other.timeUs < first.timeUs) first = other;
      }
      this.begin(first.timeUs);
      first.take();
    }
  }

  private begin(timeUs: number): void {
    if (timeUs > this.untoldUs) this.finish();
    if (timeUs <= this.timeUs) return;
    this.timeUs = timeUs;
    this.listener.onTime?.(timeUs);
  }

  private tellTrade(trades: Trades, i: number): number {
    this.tradeCount++;
    this.listener.onTrade(
      trades.localTimestampUs[i]!,
      trades.timestampUs[i]!,
      trades.side[i]!,
      trades.price[i]!,
      trades.amount[i]!,
    );
    return i + 1;
  }

  private applyChanges(book: OrderBook, changes: BookChanges, from: number): number {
    const times = changes.localTimestampUs;
    const timeUs = times[from]!;
    const to = this.runEnds.after(times, from);
    book.apply(changes, from, to);
    this.untoldUs = timeUs;
    this.changeCount += to - from;
    return to;
  }

  /** Of the snapshots of one arrival time the last is the state. */
  private applyLast(book: SnapshotBook, snapshots: BookSnapshots, from: number): number {
    const times = snapshots.localTimestampUs;
    const to = this.runEnds.after(times, from);
    book.apply(snapshots, to - 1);
    this.untoldUs = times[from]!;
    this.snapshotCount += to - from;
    return to;
  }
}

function misfit({ source }: Book, rows: "changes" | "snapshots"): OptionError {
  return new OptionError({
    message: `${rows} of a book were to be applied to one that is made from ${source}`,
    fix: "give the replay a book of the same source",
  });
}

/** Where runs of rows of one time end, in columns that are walked from beginning to end. */
class RunEnds {
  private times: Float64Array | undefined;
  private starts: Int32Array | undefined;
  private run = 0;

  /** The first row after one that has another time, or the number of rows. */
  after(times: Float64Array, row: number): number {
    if (times !== this.times || row === 0) {
      this.times = times;
      this.starts = runStarts(times);
      this.run = 0;
    }
    const { starts } = this;
    if (starts === undefined) {
      const timeUs = times[row]!;
      let to = row + 1;
      while (to < times.length && times[to] === timeUs) to++;
      return to;
    }
    while (starts[this.run]! <= row) this.run++;
    return starts[this.run]!;
  }
}

interface MarketCursor {
  readonly timeUs: number;
  needsBatch(): boolean;
  /** Fetches the next batch that has rows; false at the stream's end. */
  next(): Promise<boolean>;
  /** Tells the row that it stands at, or more. */
  take(): void;
}

/** Where a stream of batches stands. */
class Cursor<Table extends { readonly localTimestampUs: Float64Array }> implements MarketCursor {
  /** Arrival time of the row that it stands at, µs; of no meaning where a batch is needed. */
  timeUs = Number.NaN;
  private batch: Table | undefined;
  private row = 0;
  private rows = 0;
  private readonly batches: AsyncIterator<Table> | Iterator<Table>;
  private readonly tell: (batch: Table, row: number) => number;

  /** @param tell - tells the rows from one on, and returns the first that it did not */
  constructor(source: Batches<Table>, tell: (batch: Table, row: number) => number) {
    this.batches =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.tell = tell;
  }

  needsBatch(): boolean {
    return this.row >= this.rows;
  }

  async next(): Promise<boolean> {
    do {
      const { done, value } = await this.batches.next();
      if (done === true) return false;
      this.batch = value as Table;
      this.rows = this.batch.localTimestampUs.length;
    } while (this.rows === 0);
    this.row = 0;
    this.timeUs = this.batch.localTimestampUs[0]!;
    return true;
  }

  take(): void {
    this.row = this.tell(this.batch!, this.row);
    if (this.row < this.rows) this.timeUs = this.batch!.localTimestampUs[this.row]!;
  }
}
