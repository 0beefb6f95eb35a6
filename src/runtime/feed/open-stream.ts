import { performance } from "node:perf_hooks";
import { OptionError } from "../../core/errors.js";
import type { NormalizedMessage } from "../../store/rows/normalized-message.js";
import { type ArrivalClock, arrivalClock } from "./arrival-clock.js";
import { arrivalNormalizer } from "./arrival-normalizer.js";
import { EventQueue, type EventSource } from "./event-queue.js";
import type { ConnectionFacts } from "./feed.js";
import type { FeedEvent } from "./feed-event.js";
import { FeedEventMaker } from "./feed-event-maker.js";
import { Freshness } from "./freshness.js";
import { type LiveClient, liveClient } from "./live-client.js";
import { ENDED, LiveSession, sessions } from "./live-session.js";
import { serverAddress } from "./server-address.js";
import { StreamErrors } from "./stream-errors.js";

/** What to stream. */
export interface StreamOptions {
  /** The vendor's name of the exchange. */
  readonly exchange: string;
  /** The exchange's own names. */
  readonly symbols: readonly string[];
  /** Socket in place of the exchange's, `ws://…`; a server on this machine may add recorded times (`?arrivals=true`). */
  readonly url?: string;
  /** A book that was not heard of for longer is stale. */
  readonly staleAfterMs?: number;
  /** A connection over which nothing came for so long is made anew. */
  readonly timeoutMs?: number;
  /** Events that may wait for the consumer; the exchange waits beyond. */
  readonly capacity?: number;
  /** What tells when something arrived, where no recording does; the machine's where it is left out. */
  readonly clock?: ArrivalClock;
}

/** An open stream: events one after the other. */
export interface LiveStream extends AsyncIterable<FeedEvent>, EventSource, ConnectionFacts {
  /** Ends the stream with all that belongs to it; events that wait are dropped. */
  readonly close: () => Promise<void>;
}

/** Keys that the vendor's client takes from the environment. */
const SECRETS = ["COINBASE_API_KEY", "COINBASE_API_SECRET", "COINBASE_API_PASSPHRASE"];

/**
 * Opens a stream of an exchange's trades and book by the vendor's client. It connects again by itself, after a time that
 * grows with each failure; a lost connection is told, and then every book is unknown until its next snapshot.
 *
 * @throws {OptionError} the exchange has no live feed of trades and books, or an option is wrong
 */
export async function openStream(options: StreamOptions): Promise<LiveStream> {
  const { exchange, symbols, url, staleAfterMs = 10_000, timeoutMs = 10_000 } = options;
  const { capacity = 1 << 16, clock = arrivalClock() } = options;
  const client = await liveClient();
  requireExchange(client, options);
  const server = url === undefined ? undefined : serverAddress(url);
  const isRecorded = server?.sendsWholeBooks ?? false;
  const session = new LiveSession(server);
  const errors = new StreamErrors(SECRETS.map((name) => process.env[name] ?? ""));
  const messages = client.stream(
    {
      exchange,
      symbols: [...symbols],
      timeoutIntervalMS: timeoutMs,
      withDisconnectMessages: true,
      onError: (error) => {
        if (error !== ENDED) errors.add(error);
      },
    },
    arrivalNormalizer(symbols[0]!, {
      isTrusted: isRecorded,
      begin: () => session.begin(),
    }),
    client.normalizeTrades,
    client.normalizeBookChanges,
  );
  // A recording's times and the machine's are never mixed: before the first it is not known what time it is.
  const nowUs = isRecorded ? () => Number.NaN : clock.nowUs;
  const pump = new StreamPump(messages, { session, nowUs, symbols, staleAfterMs, capacity });
  const running = pump.run();
  return {
    [Symbol.asyncIterator]: () => pump.queue[Symbol.asyncIterator](),
    take: () => pump.queue.take(),
    listen: (listener) => pump.queue.listen(listener),
    get isOver() {
      return pump.queue.isOver;
    },
    get isLost() {
      return pump.maker.isLost;
    },
    get losses() {
      return pump.losses;
    },
    get queued() {
      return pump.queue.size;
    },
    get lagUs() {
      return pump.queue.lagUs;
    },
    get aheadUs() {
      return isRecorded ? 0 : clock.aheadUs();
    },
    get rejected() {
      return pump.maker.rejected;
    },
    get errors() {
      return errors.latest;
    },
    get errorCount() {
      return errors.count;
    },
    close: async () => {
      pump.close();
      await running;
    },
  };
}

function requireExchange(client: LiveClient, { exchange, symbols }: StreamOptions): void {
  if (symbols.length === 0) {
    throw new OptionError({
      column: "symbols",
      message: "was empty",
      fix: "name at least one, for example BTCUSDT",
    });
  }
  try {
    // The client would try again for ever, and at once.
    client.requireFeed(exchange);
    client.normalizeTrades(exchange, new Date());
    client.normalizeBookChanges(exchange, new Date());
  } catch {
    throw new OptionError({
      column: "exchange",
      message: `was "${exchange}", of which the vendor's client has no live trades and books`,
      fix: "choose another, for example binance or coinbase",
    });
  }
}

/** Brings messages into the queue, no faster than they are taken, and watches what does not come. */
class StreamPump {
  readonly queue: EventQueue;
  readonly maker: FeedEventMaker;
  losses = 0;
  private readonly messages: AsyncIterator<NormalizedMessage>;
  private readonly session: LiveSession;
  private readonly freshness: Freshness;
  private readonly timer: NodeJS.Timeout;
  private isClosed = false;

  constructor(
    messages: AsyncIterator<NormalizedMessage>,
    {
      session,
      nowUs,
      symbols,
      staleAfterMs,
      capacity,
    }: Required<Pick<StreamOptions, "symbols" | "staleAfterMs" | "capacity">> & {
      readonly session: LiveSession;
      readonly nowUs: () => number;
    },
  ) {
    this.messages = messages;
    this.session = session;
    this.queue = new EventQueue(capacity);
    this.maker = new FeedEventMaker(nowUs);
    const upperCase = symbols.map((symbol) => symbol.toUpperCase());
    this.freshness = new Freshness(upperCase, { afterMs: staleAfterMs, nowMs: performance.now() });
    this.timer = setInterval(() => this.check(), Math.max(5, Math.min(staleAfterMs / 4, 1000)));
  }

  /** Brings messages until the stream is closed; a failure is thrown at whoever takes the events. */
  async run(): Promise<void> {
    await sessions.run(this.session, async () => {
      try {
        await this.bring();
      } catch (error) {
        this.close(error);
      } finally {
        clearInterval(this.timer);
        await this.messages.return?.();
      }
    });
  }

  close(failure?: unknown): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.session.close();
    this.queue.close(failure);
  }

  private async bring(): Promise<void> {
    while (!this.isClosed) {
      const { done, value } = await this.messages.next();
      if (done === true || this.isClosed) break;
      for (const event of this.maker.push(value)) this.add(event);
      while (this.queue.isFull && !this.isClosed) await this.queue.changed();
    }
  }

  private add(event: FeedEvent): void {
    if (event.kind === "disconnect") {
      this.losses++;
      this.freshness.lose();
    }
    if (event.kind === "book") {
      const { symbol, isSnapshot, localUs } = event;
      const isBack = this.freshness.heard(symbol, isSnapshot, performance.now());
      if (isBack) this.queue.push({ kind: "fresh", symbol, localUs });
    }
    this.queue.push(event);
  }

  private check(): void {
    const nowMs = performance.now();
    if (this.queue.isFull || Number.isNaN(this.maker.timeUs)) this.freshness.excuse(nowMs);
    for (const symbol of this.freshness.check(nowMs)) {
      this.queue.push({ kind: "stale", symbol, localUs: this.maker.timeUs });
    }
  }
}
