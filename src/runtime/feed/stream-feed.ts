// An exchange's stream as a feed: what arrives is told as it comes, and time goes on when nothing does.
import { arrivalClock } from "./arrival-clock.js";
import type { EventSource } from "./event-queue.js";
import type { FedMarket, Feed, FeedKeeper, FeedSource } from "./feed.js";
import { type FeedEvent, takeMarketEvent } from "./feed-event.js";
import { type LiveStream, openStream, type StreamOptions } from "./open-stream.js";
import { PeekedEvents } from "./peeked-events.js";
import { serverAddress } from "./server-address.js";

/** Without events, time is told so often, ms. */
const TICK_MS = 50;

/** An event that is on its way is not older than this, µs: so long a quiet bar waits for it. */
const ON_ITS_WAY_US = 20_000;

/** How a stream is followed. */
export interface StreamFeedOptions extends StreamOptions {
  /** Called with the stream when it is open. */
  readonly onOpen?: (stream: LiveStream) => void;
}

/**
 * A feed of an exchange's live trades and books; what was missed is gone. Where a server on this machine tells with each message
 * when it was recorded, nothing else says what time it is.
 */
export function streamFeed({ onOpen, ...options }: StreamFeedOptions): FeedSource {
  const { url } = options;
  const isRecorded = url !== undefined && serverAddress(url).sendsWholeBooks;
  // One clock for arrivals and for the time between them: two would go on differently when the machine's is set back.
  const clock = options.clock ?? arrivalClock();
  const nowUs = isRecorded ? undefined : clock.nowUs;
  let opened: { readonly stream: LiveStream; readonly events: PeekedEvents } | undefined;
  const connect = async (): Promise<NonNullable<typeof opened>> => {
    if (opened !== undefined) return opened;
    const stream = await openStream({ ...options, clock });
    opened = { stream, events: new PeekedEvents(stream) };
    onOpen?.(stream);
    return opened;
  };
  return {
    canRewind: false,
    connection: () => opened?.stream,
    beginsBefore: async (untilUs, signal) => {
      if (nowUs !== undefined) return nowUs() < untilUs ? nowUs() : undefined;
      const { events } = await connect();
      const begun = await events.look((event) => beginOf(event, untilUs), signal);
      return begun === "later" ? undefined : begun;
    },
    close: async () => opened?.stream.close(),
    open: async (markets, keeper) => {
      const { stream, events } = await connect();
      return new StreamFeed(stream, markets, keeper, nowUs, events);
    },
  };
}

/**
 * What an event says of the time that a recording is played at, where that begins before another; undefined where it says nothing:
 * a whole book, which whoever connects is sent first, is as old as its last change.
 */
function beginOf(event: FeedEvent, untilUs: number): number | "later" | undefined {
  const { kind, localUs } = event;
  if (kind === "end" || localUs >= untilUs) return "later";
  const isNow = kind === "trade" || (kind === "book" && !event.isSnapshot);
  return isNow ? localUs : undefined;
}

/** Tells the events of a stream. */
export class StreamFeed implements Feed {
  private readonly stream: LiveStream;
  private readonly events: EventSource;
  private readonly markets: ReadonlyMap<string, FedMarket>;
  private readonly keeper: FeedKeeper;
  private readonly clock: (() => number) | undefined;
  /** An event whose time has been told, and it not yet. */
  private held: FeedEvent | undefined;
  private timeUs = Number.NEGATIVE_INFINITY;
  private readonly timer: NodeJS.Timeout;
  private isTick = false;
  /** Ends the wait for an event; nothing where nobody waits. */
  private wake: () => void = () => {};

  /**
   * @param clock - the machine's, µs; left out where only events tell the time
   * @param events - the stream's, where somebody has looked at the first
   */
  constructor(
    stream: LiveStream,
    markets: readonly FedMarket[],
    keeper: FeedKeeper,
    clock: (() => number) | undefined,
    events: EventSource = stream,
  ) {
    this.stream = stream;
    this.events = events;
    events.listen(() => this.wake());
    this.timer = setInterval(() => {
      this.isTick = true;
      this.wake();
    }, TICK_MS);
    this.markets = new Map(markets.map((market) => [market.symbol.toUpperCase(), market]));
    this.keeper = keeper;
    this.clock = clock;
  }

  async run(): Promise<boolean> {
    const { keeper, events } = this;
    for (;;) {
      const event = this.held ?? events.take();
      this.held = undefined;
      if (event === undefined) {
        if (events.isOver) return false;
        if (!this.isTick) await this.change();
        else if (this.passTick()) return true;
        continue;
      }
      if (event.kind === "end") return false;
      if (this.advance(event.localUs)) {
        this.held = event;
        return true;
      }
      this.tell(event);
      if (keeper.isPaused()) return true;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.stream.close();
  }

  /** @returns true where the keeper wants a pause */
  private advance(toUs: number): boolean {
    // A lost recording tells no time.
    if (!(toUs > this.timeUs)) return false;
    this.timeUs = toUs;
    this.keeper.onTime(toUs);
    return this.keeper.isPaused();
  }

  /** Up to when nothing can arrive any more; NaN where that is not known. */
  private quietUs(): number {
    if (this.clock === undefined || this.stream.queued > 0) return Number.NaN;
    return this.clock() - ON_ITS_WAY_US;
  }

  private tell(event: Exclude<FeedEvent, { readonly kind: "end" }>): void {
    switch (event.kind) {
      case "disconnect":
        this.keeper.onDisconnect(this.timeUs);
        return;
      case "stale":
      case "fresh": {
        const market = this.markets.get(event.symbol.toUpperCase());
        if (market !== undefined) this.keeper.onStale(market.symbol, event.kind === "stale");
        return;
      }
      default: {
        const market = this.markets.get(event.symbol.toUpperCase());
        if (market !== undefined) takeMarketEvent(market.stream, event);
      }
    }
  }

  /** Some time has passed without an event. Returns true where the keeper wants a pause. */
  private passTick(): boolean {
    this.isTick = false;
    return this.advance(this.quietUs()) || this.keeper.isPaused();
  }

  /** Waits until there is something to take, or some time has passed. */
  private async change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }
}
