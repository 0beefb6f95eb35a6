// Several markets as one stream of events, which stops where its listener wants to think.
import {
  eventCursors,
  fillCursors,
  firstCursor,
  type MarketCursor,
  type MarketSources,
} from "./event-cursors.js";
import type { MarketListener, MarketStream } from "./market-stream.js";

/** A market that is replayed beside others. */
export interface ReplayedMarket {
  readonly stream: MarketStream;
  readonly sources: MarketSources;
}

/** Who watches the time that all markets share. */
export interface TimeKeeper {
  /** A new arrival time of any market, before anything of it is applied. */
  onTime(localUs: number): void;
  /** True where the replay is to return before it goes on; asked after each event and each `onTime`. */
  isPaused(): boolean;
}

const NO_LISTENER: MarketListener = { onTrade: () => {}, onBook: () => {} };

/** Merges markets in arrival order, at equal arrival times in the order they are given. */
export class MarketsReplay {
  private readonly cursors: MarketCursor[];
  private readonly keeper: TimeKeeper;
  private timeUs = Number.NEGATIVE_INFINITY;

  /** @throws {OptionError} a book and its source do not fit */
  constructor(markets: readonly ReplayedMarket[], keeper: TimeKeeper) {
    this.cursors = markets.flatMap(({ stream, sources }) =>
      eventCursors(stream, NO_LISTENER, sources),
    );
    this.keeper = keeper;
  }

  /**
   * Tells events until the keeper wants a pause.
   *
   * @returns false when there are no more events
   */
  async run(): Promise<boolean> {
    while (this.cursors.length > 0) {
      await fillCursors(this.cursors);
      if (this.merge()) return true;
    }
    return false;
  }

  /** Ends the reading of all sources; no events are told any more. */
  async close(): Promise<void> {
    for (const cursor of this.cursors.splice(0)) await cursor.end();
  }

  /** Goes on until a batch is used up, or true: until a pause. */
  private merge(): boolean {
    const { cursors, keeper } = this;
    for (;;) {
      const first = firstCursor(cursors);
      if (first === undefined) return false;
      if (first.timeUs > this.timeUs) {
        this.timeUs = first.timeUs;
        keeper.onTime(first.timeUs);
        if (keeper.isPaused()) return true;
      }
      first.take();
      if (keeper.isPaused()) return true;
    }
  }
}
