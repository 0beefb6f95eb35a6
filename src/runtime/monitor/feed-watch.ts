import type { FeedView } from "./monitor-state.js";

/** What a feed says of a symbol when it changes or a bar ends; what is left out stays as it was. */
export interface FeedFacts {
  readonly isBookValid?: boolean;
  readonly spreadBps?: number;
  /** The feed's own watchdog; silence that it does not notice counts as stale as well. */
  readonly isStale?: boolean;
}

/** One symbol's feed as it is seen from outside. */
export class FeedWatch {
  private readonly symbol: string;
  private lastEventUs = Number.NaN;
  private lastSeenMs: number;
  private events = 0;
  private facts: Required<FeedFacts> = {
    isBookValid: false,
    spreadBps: Number.NaN,
    isStale: false,
  };

  constructor(symbol: string, nowMs: number) {
    this.symbol = symbol;
    this.lastSeenMs = nowMs;
  }

  /** Called for every event, so it does next to nothing. */
  event(marketUs: number, nowMs: number): void {
    this.lastEventUs = marketUs;
    this.lastSeenMs = nowMs;
    this.events += 1;
  }

  say(facts: FeedFacts): void {
    this.facts = { ...this.facts, ...facts };
  }

  /**
   * @param isLive - whether events are to be expected
   */
  view(
    nowMs: number,
    { staleAfterMs, isLive }: { staleAfterMs: number; isLive: boolean },
  ): FeedView {
    const ageMs = Math.max(0, nowMs - this.lastSeenMs);
    return {
      symbol: this.symbol,
      lastEventUs: this.lastEventUs,
      ageMs,
      events: this.events,
      ...this.facts,
      isStale: isLive && (this.facts.isStale || ageMs > staleAfterMs),
    };
  }
}
