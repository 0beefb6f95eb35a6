// Where streams of batches stand that are merged in arrival order.
import { OptionError } from "../core/errors.js";
import { runStarts } from "../store/parquet/known-runs.js";
import type { BookChanges, BookSnapshots, Quotes, Trades } from "../store/tables.js";
import type { Book } from "./book.js";
import type { MarketListener, MarketStream } from "./market-stream.js";
import { OrderBook } from "./order-book.js";

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

/** A stream's place. */
export interface MarketCursor {
  readonly timeUs: number;
  needsBatch(): boolean;
  /** Fetches the next batch that has rows; false at the stream's end. */
  next(): Promise<boolean>;
  /** Tells the row that it stands at, or more, after its market has begun the row's arrival time. */
  take(): void;
  /** Ends the reading of its stream. */
  end(): Promise<void>;
}

/**
 * Cursors of a market's sources, in the order in which events of one arrival time are told: trades, book, quotes, snapshots.
 *
 * @param stream - applies and tells trades and book
 * @param listener - is told quotes and snapshots
 * @throws {OptionError} changes for a book that is made from snapshots, or the other way round
 */
export function eventCursors(
  stream: MarketStream,
  listener: MarketListener,
  sources: MarketSources,
): MarketCursor[] {
  const { trades, bookChanges, bookSnapshots, quotes, snapshots, shallowSnapshots } = sources;
  const { book } = stream;
  const cursors: MarketCursor[] = [];
  const add = <Table extends TimedTable>(
    source: Batches<Table> | undefined,
    tell: (batch: Table, row: number) => number,
  ): void => {
    if (source !== undefined) cursors.push(new Cursor(source, stream, tell));
  };
  add(trades, (batch, row) => tellTrade(stream, batch, row));
  if (bookChanges !== undefined) {
    if (!(book instanceof OrderBook)) throw misfit(book, "changes");
    const runs = new RunEnds();
    add(bookChanges, (batch, row) => {
      const to = runs.after(batch.localTimestampUs, row);
      stream.changes(book, batch, row, to);
      return to;
    });
  }
  if (bookSnapshots !== undefined) {
    if (book instanceof OrderBook) throw misfit(book, "snapshots");
    const runs = new RunEnds();
    add(bookSnapshots, (batch, row) => {
      const to = runs.after(batch.localTimestampUs, row);
      stream.snapshots(book, batch, row, to);
      return to;
    });
  }
  add(quotes, (batch, row) => {
    listener.onQuote?.(batch.localTimestampUs[row]!, batch, row);
    return row + 1;
  });
  for (const kind of [snapshots, shallowSnapshots]) {
    add(kind, (batch, row) => {
      listener.onSnapshot?.(batch.localTimestampUs[row]!, batch, row);
      return row + 1;
    });
  }
  return cursors;
}

/** Fetches what cursors need; those whose stream has ended are left out from then on. */
export async function fillCursors(cursors: MarketCursor[]): Promise<void> {
  for (let i = cursors.length - 1; i >= 0; i--) {
    if (cursors[i]!.needsBatch() && !(await cursors[i]!.next())) cursors.splice(i, 1);
  }
}

/** The cursor that comes next, of equal ones the first; undefined where one of them needs a batch first, or there is none. */
export function firstCursor(cursors: readonly MarketCursor[]): MarketCursor | undefined {
  let first = cursors[0];
  if (first === undefined || first.needsBatch()) return undefined;
  for (let i = 1; i < cursors.length; i++) {
    const other = cursors[i]!;
    if (other.needsBatch()) return undefined;
    if (other.timeUs < first.timeUs) first = other;
  }
  return first;
}

interface TimedTable {
  readonly localTimestampUs: Float64Array;
}

/** Where a stream of batches stands. */
class Cursor<Table extends TimedTable> implements MarketCursor {
  /** Arrival time of the row that it stands at, µs; of no meaning where a batch is needed. */
  timeUs = Number.NaN;
  private batch: Table | undefined;
  private row = 0;
  private rows = 0;
  private readonly batches: AsyncIterator<Table> | Iterator<Table>;
  private readonly stream: MarketStream;
  private readonly tell: (batch: Table, row: number) => number;

  /** @param tell - tells the rows from one on, and returns the first that it did not */
  constructor(
    source: Batches<Table>,
    stream: MarketStream,
    tell: (batch: Table, row: number) => number,
  ) {
    this.batches =
      Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
    this.stream = stream;
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

  async end(): Promise<void> {
    await this.batches.return?.();
  }

  take(): void {
    this.stream.begin(this.timeUs);
    this.row = this.tell(this.batch!, this.row);
    if (this.row < this.rows) this.timeUs = this.batch!.localTimestampUs[this.row]!;
  }
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

function tellTrade(stream: MarketStream, trades: Trades, i: number): number {
  stream.trade(
    trades.localTimestampUs[i]!,
    trades.timestampUs[i]!,
    trades.side[i]!,
    trades.price[i]!,
    trades.amount[i]!,
  );
  return i + 1;
}

function misfit({ source }: Book, rows: "changes" | "snapshots"): OptionError {
  return new OptionError({
    message: `${rows} of a book were to be applied to one that is made from ${source}`,
    fix: "give the replay a book of the same source",
  });
}
