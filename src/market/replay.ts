import type { Book } from "./book.js";
import {
  eventCursors,
  fillCursors,
  firstCursor,
  type MarketCursor,
  type MarketSources,
} from "./event-cursors.js";
import { type MarketCounts, type MarketListener, MarketStream } from "./market-stream.js";

/**
 * Merges trades, book changes, quotes and snapshots in arrival order, in this order at equal arrival times, and tells a
 * listener. Call `run` once per piece (a day, or any cut of the stream) and `finish` after the last: the pieces are one
 * stream.
 */
export class Replay {
  private readonly stream: MarketStream;
  private readonly listener: MarketListener;

  /**
   * @param listener - is told every event
   * @param options.book - the book to apply changes, or snapshots, to
   */
  constructor(listener: MarketListener, options: { readonly book?: Book } = {}) {
    this.listener = listener;
    this.stream = new MarketStream(listener, options);
  }

  get book(): Book {
    return this.stream.book;
  }

  /** Rows seen so far. */
  get counts(): MarketCounts {
    return this.stream.counts;
  }

  /**
   * Replays one piece of the stream. The last arrival time of the book stays open for the next piece.
   *
   * @throws {OptionError} changes for a book that is made from snapshots, or the other way round
   */
  async run(sources: MarketSources): Promise<void> {
    const cursors = eventCursors(this.stream, this.listener, sources);
    while (cursors.length > 0) {
      await fillCursors(cursors);
      merge(cursors);
    }
  }

  /** Ends the stream: the last book state is told. */
  finish(): void {
    this.stream.finish();
  }
}

/** Goes on until one of the batches is used up. */
function merge(cursors: readonly MarketCursor[]): void {
  for (;;) {
    const first = firstCursor(cursors);
    if (first === undefined) return;
    first.take();
  }
}
