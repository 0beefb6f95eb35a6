import { MINUTE_US } from "../core/time.js";

/** Candles of consecutive minutes; a minute without one has NaN prices and volume 0. All columns have the same length. */
export interface MinuteCandles {
  /** Start of the first minute, µs since the epoch. */
  readonly startUs: number;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** In the base coin. */
  readonly volume: Float64Array;
}

/**
 * Makes one-minute candles from trades as exchanges do: minute m holds the trades with `m ≤ timestamp < m + 1 min` by the
 * exchange's own time, whenever they arrived. Trades may come in any order; of those with the same time, the first that was
 * added opens and the last closes.
 */
export class ExchangeMinutes implements MinuteCandles {
  readonly startUs: number;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** Number of trades. */
  readonly trades: Float64Array;
  readonly #openUs: Float64Array;
  readonly #closeUs: Float64Array;

  /**
   * @param startUs - start of the first minute
   * @param minutes - how many; trades of others are passed over
   */
  constructor(startUs: number, minutes: number) {
    const missing = (): Float64Array => new Float64Array(minutes).fill(Number.NaN);
    this.startUs = startUs;
    this.open = missing();
    this.high = missing();
    this.low = missing();
    this.close = missing();
    this.volume = new Float64Array(minutes);
    this.trades = new Float64Array(minutes);
    this.#openUs = missing();
    this.#closeUs = missing();
  }

  /**
   * Adds a trade.
   *
   * @param timestampUs - the exchange's time
   * @param base - amount in the base coin
   */
  add(timestampUs: number, price: number, base: number): void {
    const minute = Math.floor((timestampUs - this.startUs) / MINUTE_US);
    if (!(minute >= 0 && minute < this.trades.length)) return;
    this.trades[minute]!++;
    this.volume[minute]! += base;
    // Comparisons with NaN are false, so the first trade of a minute passes each of them.
    if (!(timestampUs >= this.#openUs[minute]!)) {
      this.open[minute] = price;
      this.#openUs[minute] = timestampUs;
    }
    if (!(timestampUs < this.#closeUs[minute]!)) {
      this.close[minute] = price;
      this.#closeUs[minute] = timestampUs;
    }
    if (!(price <= this.high[minute]!)) this.high[minute] = price;
    if (!(price >= this.low[minute]!)) this.low[minute] = price;
  }
}
