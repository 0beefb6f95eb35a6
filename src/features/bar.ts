import type { BarOrders } from "./bar-orders.js";
import { TRADE_NUMBERS } from "./bar-trades.js";

/** Equal parts of a bar, over which price impact is measured. */
export const PARTS = 6;

/**
 * What one bar [t − Δ, t) holds of the events in it: sums and last states, from which every feature is computed. A
 * missing quantity is NaN; a sum over no events is 0. One object is filled again and again: keep numbers and not the object.
 */
export interface Bar {
  /** t, µs. */
  readonly endUs: number;
  /** Δ, µs. */
  readonly barUs: number;
  /**
   * Prices of trades. Without a trade all four are NaN, and the last close once the bar is one of a stream, where there was
   * a trade before.
   */
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** NaN, as are all sums but `volume`, where candles tell of the trades. */
  readonly tradeCount: number;
  /** Sum of amounts, unknown sides included. */
  readonly volume: number;
  readonly buyVolume: number;
  readonly sellVolume: number;
  /** Sum of amounts in base currency, and of their worth in quote currency; the bar's VWAP is their ratio. */
  readonly base: number;
  readonly notional: number;
  /** Sum of (price − open) × base: VWAP − open times `base`, without the rounding of large sums. */
  readonly excess: number;
  readonly buyBase: number;
  readonly buyExcess: number;
  readonly sellBase: number;
  readonly sellExcess: number;
  /** Trades put together to orders, in arrival order; none where candles tell of the trades. */
  readonly orders: Orders;
  /** Sums over trades of known side with a valid mid before them: amount × effective spread in bps, and amount. */
  readonly effectiveSpreadSum: number;
  readonly effectiveSpreadVolume: number;
  /** Time for which the book was valid, µs, and averages over it; NaN when there was none. */
  readonly validUs: number;
  readonly averageObiL5: number;
  readonly averageSpreadBps: number;
  /** Average of half the sum of the best amounts. */
  readonly averageQueue: number;
  /** Sum of order flow e_n over book differences; 0 when there was none. */
  readonly orderFlow: number;
  /** At t; NaN when the book is not valid then. */
  readonly mid: number;
  readonly obiL1: number;
  readonly obiL5: number;
  readonly obiL20Decay: number;
  /**
   * Of each part: change of the mid from its begin to its end, bps of the mid at its begin, NaN without a valid book at
   * either; and worth of what was bought less that of what was sold, in quote currency.
   */
  readonly partMoveBps: Float64Array;
  readonly partSignedNotional: Float64Array;
}

/** Orders of a bar; only the first `count` entries count. */
export type Orders = Pick<BarOrders, "count" | "side" | "amount">;

/** A bar that is being filled. */
export type OpenBar = { -readonly [name in keyof Bar]: Bar[name] };

/** A bar's plain numbers, its length aside. */
type BarNumber = Exclude<keyof Bar, "barUs" | "orders" | "partMoveBps" | "partSignedNotional">;

/** Their names, in stored order. */
export const BAR_NUMBERS: readonly BarNumber[] = [
  "endUs",
  ...TRADE_NUMBERS,
  "validUs",
  "averageObiL5",
  "averageSpreadBps",
  "averageQueue",
  "orderFlow",
  "mid",
  "obiL1",
  "obiL5",
  "obiL20Decay",
];

/**
 * A bar to be filled.
 *
 * @param barUs - its length
 */
export function emptyBar(barUs: number): OpenBar {
  const numbers = Object.fromEntries(BAR_NUMBERS.map((name) => [name, Number.NaN]));
  return {
    ...(numbers as Record<BarNumber, number>),
    barUs,
    orders: { count: 0, side: new Int8Array(0), amount: new Float64Array(0) },
    partMoveBps: new Float64Array(PARTS),
    partSignedNotional: new Float64Array(PARTS),
  };
}
