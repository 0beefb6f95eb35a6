// Where events come from. A feed tells several markets their events in the order of arrival, and stops when it is asked to.
import type { MarketStream } from "../../market/market-stream.js";
import type { TimeKeeper } from "../../market/markets-replay.js";

/** A market that a feed fills. */
export interface FedMarket {
  readonly symbol: string;
  readonly stream: MarketStream;
}

/** Who is told of a feed's troubles, besides the time. */
export interface FeedKeeper extends TimeKeeper {
  /** The connection of all markets was lost: their books are unknown until their next snapshots. */
  onDisconnect(localUs: number): void;
  /** A symbol's stream is silent for longer than it may be, or is back. */
  onStale(symbol: string, isStale: boolean): void;
}

/** A feed at work. */
export interface Feed {
  /**
   * Tells events until the keeper wants a pause.
   *
   * @returns false at the end of the feed
   * @throws {DataError} what it reads is damaged
   */
  run(): Promise<boolean>;
  /** Frees what it holds; a run that waits ends. */
  close(): Promise<void>;
}

/** What the one connection that a feed comes over went through, and how far behind it is. */
export interface ConnectionFacts {
  /** Whether it is down now. */
  readonly isLost: boolean;
  /** How often it was lost; attempts that fail one after the other are one loss. */
  readonly losses: number;
  /** The latest errors in words, the last one last, and how many there were. */
  readonly errors: readonly string[];
  readonly errorCount: number;
  /** Rows left out because they break a rule, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Events that wait to be taken. */
  readonly queued: number;
  /** How long the oldest of them has waited, µs. */
  readonly lagUs: number;
  /** How far the time that is told is ahead of the machine's clock, which was set back, µs. */
  readonly aheadUs: number;
}

/** How a feed is begun. */
export interface FeedSource {
  /** Whether events after a time can be had again, or are gone once they were missed. */
  readonly canRewind: boolean;
  /** Of a feed that comes over a connection, what that is like now; undefined before it is opened. */
  readonly connection?: () => ConnectionFacts | undefined;
  /**
   * Connects, and waits for the feed to tell what time it is; what comes meanwhile is told once it is opened.
   *
   * @param untilUs - what has been gone through
   * @returns the time that the feed begins at, where that is before; undefined where it goes on from there or is over, and at the
   *   signal
   */
  readonly beginsBefore?: (untilUs: number, signal: AbortSignal) => Promise<number | undefined>;
  /** Lets go of a connection that nobody opened as a feed. */
  readonly close?: () => Promise<void>;
  /**
   * Begins to tell events.
   *
   * @param fromUs - those that arrive from this time on; of no meaning where a feed cannot rewind
   */
  open(markets: readonly FedMarket[], keeper: FeedKeeper, fromUs: number): Promise<Feed>;
}
