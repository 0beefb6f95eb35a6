// What does a feed tell?
import type { MarketStream } from "../../market/market-stream.js";
import { OrderBook } from "../../market/order-book.js";
import type { BookChanges } from "../../store/tables.js";

/** A trade. */
export interface TradeEvent {
  readonly kind: "trade";
  readonly symbol: string;
  /** Arrival, µs since the epoch; as in all events. */
  readonly localUs: number;
  readonly exchangeUs: number;
  /** `""` where the exchange gives none. */
  readonly id: string;
  /** The aggressor's: 1 buy, −1 sell, 0 unknown. */
  readonly side: number;
  readonly price: number;
  readonly amount: number;
}

/** Rows of one message of a book, all of one arrival time: bids, then asks, each in the exchange's order. */
export interface BookEvent {
  readonly kind: "book";
  readonly symbol: string;
  readonly localUs: number;
  readonly exchangeUs: number;
  readonly isSnapshot: boolean;
  readonly rows: BookChanges;
}

/** The connection was lost: every book is unknown until its next snapshot. */
export interface DisconnectEvent {
  readonly kind: "disconnect";
  /** NaN before a recording has told what time it is. */
  readonly localUs: number;
}

/** A symbol's book was not heard of for too long, or is heard of again. */
export interface FreshnessEvent {
  readonly kind: "stale" | "fresh";
  readonly symbol: string;
  readonly localUs: number;
}

/** A recording is over; an exchange never says so. */
export interface EndEvent {
  readonly kind: "end";
  readonly localUs: number;
}

/** Something that a feed tells, in arrival order. */
export type FeedEvent = TradeEvent | BookEvent | DisconnectEvent | FreshnessEvent | EndEvent;

/** Lets a symbol's market take what a feed tells of it. */
export function takeMarketEvent(stream: MarketStream, event: TradeEvent | BookEvent): void {
  const { localUs } = event;
  stream.begin(localUs);
  if (event.kind === "trade") {
    stream.trade(localUs, event.exchangeUs, event.side, event.price, event.amount);
  } else if (stream.book instanceof OrderBook) {
    stream.changes(stream.book, event.rows, 0, event.rows.price.length);
  }
}
