/**
 * What one bar [t − Δ, t) holds of the events in it: sums and last states, from which every feature is computed. A
 * missing quantity is NaN; a sum over no events is 0.
 */
export interface Bar {
  /** t, µs. */
  readonly endUs: number;
  /** Δ, µs. */
  readonly barUs: number;
  /** Prices of trades. Without a trade all four are the last close; NaN before the stream's first trade. */
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
}
