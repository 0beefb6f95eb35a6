import type { Exchange } from "tardis-dev";
import { moduleOf } from "../../core/module-of.js";
import type { NormalizedMessage } from "../../store/rows/normalized-message.js";
import type { NormalizerFactory } from "./arrival-normalizer.js";
import { sessions, type VendorFeed, type VendorRequest } from "./live-session.js";
import { mergeFeeds } from "./merge-feeds.js";

/** What the vendor's client streams. */
export interface StreamRequest {
  readonly exchange: string;
  readonly symbols: string[];
  readonly timeoutIntervalMS: number;
  readonly withDisconnectMessages: true;
  readonly onError: (error: Error) => void;
}

type AnyNormalizer = NormalizerFactory | ((exchange: string, localTime: Date) => unknown);

/** The vendor's live client, with what it does in reach of the stream that it does it for. */
export interface LiveClient {
  readonly exchanges: readonly string[];
  readonly stream: (
    request: StreamRequest,
    ...normalizers: readonly AnyNormalizer[]
  ) => AsyncIterableIterator<NormalizedMessage>;
  readonly normalizeTrades: AnyNormalizer;
  readonly normalizeBookChanges: AnyNormalizer;
  /** Throws where the client has no live feed of an exchange. */
  readonly requireFeed: (exchange: string) => void;
}

interface FeedPrototype {
  getWebSocketUrl: (this: VendorFeed) => Promise<string>;
  _monitorConnectionIfStale: (this: VendorFeed) => NodeJS.Timeout | undefined;
  _sendPeriodicPing: (this: VendorFeed) => NodeJS.Timeout | undefined;
}

/** Several connections of which the client makes one stream. */
interface ManyFeeds {
  readonly _exchange: string;
  readonly _filters: unknown;
  readonly _timeoutIntervalMS: number;
  readonly _onError: unknown;
  readonly _getRealTimeFeeds: (...options: unknown[]) => Iterable<AsyncIterable<unknown>>;
}

interface ManyFeedsPrototype {
  _stream: (this: ManyFeeds) => AsyncIterator<unknown>;
}

interface Handy {
  wait: (ms: number) => Promise<void>;
  readonly httpClient: { get: (...request: never[]) => VendorRequest };
}

let client: Promise<LiveClient> | undefined;

/** Loads the client, once. */
export function liveClient(): Promise<LiveClient> {
  client ??= load();
  return client;
}

async function load(): Promise<LiveClient> {
  const tardis = moduleOf(await import("tardis-dev"));
  const feeds = moduleOf(await import("tardis-dev/dist/realtimefeeds/index.js"));
  const base = moduleOf(await import("tardis-dev/dist/realtimefeeds/realtimefeed.js"));
  const handy = moduleOf(await import("tardis-dev/dist/handy.js"));
  watchFeeds(base.RealTimeFeedBase.prototype as unknown as FeedPrototype);
  mendJoining(base.MultiConnectionRealTimeFeedBase.prototype as unknown as ManyFeedsPrototype);
  watchWaits(handy as unknown as Handy);
  return {
    exchanges: tardis.EXCHANGES,
    stream: tardis.streamNormalized as unknown as LiveClient["stream"],
    normalizeTrades: tardis.normalizeTrades as unknown as AnyNormalizer,
    normalizeBookChanges: tardis.normalizeBookChanges as unknown as AnyNormalizer,
    requireFeed: (exchange) => {
      feeds.createRealTimeFeed(exchange as Exchange, [], 0, undefined);
    },
  };
}

/** Feeds of other streams than a session's stay as they are. */
function watchFeeds(prototype: FeedPrototype): void {
  const { getWebSocketUrl, _monitorConnectionIfStale, _sendPeriodicPing } = prototype;
  prototype.getWebSocketUrl = async function (this: VendorFeed) {
    const own = (): Promise<string> => getWebSocketUrl.call(this);
    const session = sessions.getStore();
    return session === undefined ? own() : session.address(this, own);
  };
  const watched = (start: FeedPrototype["_sendPeriodicPing"]): FeedPrototype["_sendPeriodicPing"] =>
    function (this: VendorFeed) {
      const timer = start.call(this);
      sessions.getStore()?.opened(this, timer);
      return timer;
    };
  prototype._monitorConnectionIfStale = watched(_monitorConnectionIfStale);
  prototype._sendPeriodicPing = watched(_sendPeriodicPing);
}

/**
 * The client's own way to join connections waits for its stream to be read, and when that is ended meanwhile fails where
 * nobody can catch it, so that the process ends.
 */
function mendJoining(prototype: ManyFeedsPrototype): void {
  const { _stream } = prototype;
  prototype._stream = function (this: ManyFeeds) {
    if (sessions.getStore() === undefined) return _stream.call(this);
    const { _exchange, _filters, _timeoutIntervalMS, _onError } = this;
    return mergeFeeds([
      ...this._getRealTimeFeeds(_exchange, _filters, _timeoutIntervalMS, _onError),
    ]);
  };
}

function watchWaits(handy: Handy): void {
  const { wait, httpClient } = handy;
  handy.wait = (ms) => sessions.getStore()?.wait(ms) ?? wait(ms);
  const { get } = httpClient;
  httpClient.get = (...request) => {
    const made = get(...request);
    sessions.getStore()?.requested(made);
    return made;
  };
}
