// The vendor's live client cannot be ended while it waits, nor be pointed to another server but by the environment. Here is
// what it does in the name of one stream, so that both can be done.
import { AsyncLocalStorage } from "node:async_hooks";
import { performance } from "node:perf_hooks";

/** One connection of the vendor's client. */
export interface VendorFeed {
  _ws?: VendorSocket;
  _httpURL?: string;
  _receivedMessagesCount: number;
  provideManualSnapshots: (...options: never[]) => Promise<void>;
}

interface VendorSocket {
  readonly terminate: () => void;
  readonly on: (event: "error", listener: () => void) => unknown;
}

/** A request that can be given up. */
export interface VendorRequest extends Promise<unknown> {
  readonly cancel: () => void;
}

/** Where a stream connects to, in place of the exchange. */
export interface ServerAddress {
  readonly socketUrl: string;
  readonly restUrl: string;
  /** Whether whole books come over the socket, so that none is fetched. */
  readonly sendsWholeBooks: boolean;
}

/** The client begins anew at most this often; of its own it waits after a failed connection, and after nothing else. */
const LEAST_ATTEMPT_MS = 1000;

/** What a feed that was ended is told when it would connect again. */
export const ENDED: Error = new Error("the stream was closed");

/** The stream in whose name the code that runs was called. */
export const sessions: AsyncLocalStorage<LiveSession> = new AsyncLocalStorage();

/** Connections, waits and requests of one stream. */
export class LiveSession {
  private readonly server: ServerAddress | undefined;
  private readonly feeds: Map<VendorFeed, NodeJS.Timeout[]> = new Map();
  private readonly ended = new WeakSet<VendorFeed>();
  private readonly waits = new Set<() => void>();
  private readonly requests = new Set<VendorRequest>();
  private isClosed = false;
  private nextAttemptMs = 0;

  constructor(server: ServerAddress | undefined) {
    this.server = server;
  }

  /** The client begins anew: what it had open is of no use any more. */
  begin(): void {
    this.endAll();
  }

  /** Ends everything; what the client tries after that fails at once. */
  close(): void {
    this.isClosed = true;
    this.endAll();
    for (const resolve of this.waits) resolve();
    for (const request of this.requests) request.cancel();
  }

  /** Address that a feed connects to; rejects for one that was ended. */
  async address(feed: VendorFeed, own: () => Promise<string>): Promise<string> {
    this.requireOpen(feed);
    const restMs = this.nextAttemptMs - performance.now();
    if (restMs > 0) await this.wait(restMs);
    this.requireOpen(feed);
    this.nextAttemptMs = performance.now() + LEAST_ATTEMPT_MS;
    if (this.server === undefined) return own();
    feed._httpURL = this.server.restUrl;
    if (this.server.sendsWholeBooks) feed.provideManualSnapshots = noSnapshots;
    return this.server.socketUrl;
  }

  /** A feed has opened a socket; its timers are ended with it. */
  opened(feed: VendorFeed, timer: NodeJS.Timeout | undefined): void {
    if (this.isClosed || this.ended.has(feed)) {
      clearInterval(timer);
      this.end(feed, []);
      return;
    }
    const timers = this.feeds.get(feed) ?? [];
    if (timer !== undefined) timers.push(timer);
    this.feeds.set(feed, timers.slice(-KEPT_TIMERS));
  }

  /** Waits as the client does, unless it is closed. */
  async wait(ms: number): Promise<void> {
    // Never without a turn of the event loop: the client asks in loops.
    if (this.isClosed) return new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waits.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.waits.add(end);
    });
  }

  /** A request that the client made. */
  requested(request: VendorRequest): void {
    this.requests.add(request);
    const forget = (): void => {
      this.requests.delete(request);
    };
    request.then(forget, forget);
    if (this.isClosed) request.cancel();
  }

  private requireOpen(feed: VendorFeed): void {
    if (this.isClosed || this.ended.has(feed)) throw ENDED;
  }

  private endAll(): void {
    for (const [feed, timers] of this.feeds) this.end(feed, timers);
    this.feeds.clear();
  }

  private end(feed: VendorFeed, timers: readonly NodeJS.Timeout[]): void {
    this.ended.add(feed);
    for (const timer of timers) clearInterval(timer);
    // It asks every 100 ms whether enough has been received to fetch books; now it has, and fetches none.
    feed._receivedMessagesCount = Number.POSITIVE_INFINITY;
    feed.provideManualSnapshots = noSnapshots;
    // It tells its socket of failures that come later, which nobody listens to any more.
    feed._ws?.on("error", () => undefined);
    feed._ws?.terminate();
  }
}

/** A connection has two timers; those of earlier ones are over. */
const KEPT_TIMERS = 2;

async function noSnapshots(): Promise<void> {}
