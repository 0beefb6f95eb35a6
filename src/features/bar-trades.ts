import { baseAmount, type Contract, notionalUsd } from "../market/contract.js";
import type { OpenBar } from "./bar.js";
import type { Stateful } from "./feature.js";

/** What a source of candles tells of the trades in a stretch of time. */
export interface Candle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In the base coin. */
  readonly volume: number;
}

/** What a bar tells of its trades, in saved order. */
export const TRADE_NUMBERS = [
  "open",
  "high",
  "low",
  "close",
  "tradeCount",
  "volume",
  "buyVolume",
  "sellVolume",
  "base",
  "notional",
  "excess",
  "buyBase",
  "buyExcess",
  "sellBase",
  "sellExcess",
  "effectiveSpreadSum",
  "effectiveSpreadVolume",
] as const;

/** Sums over the trades of the open bar. */
export class BarTrades implements Stateful {
  private readonly contract: Contract;
  open: number = Number.NaN;
  high: number = Number.NaN;
  low: number = Number.NaN;
  close: number = Number.NaN;
  tradeCount = 0;
  volume = 0;
  buyVolume = 0;
  sellVolume = 0;
  base = 0;
  notional = 0;
  excess = 0;
  buyBase = 0;
  buyExcess = 0;
  sellBase = 0;
  sellExcess = 0;
  effectiveSpreadSum = 0;
  effectiveSpreadVolume = 0;

  constructor(contract: Contract) {
    this.contract = contract;
  }

  /**
   * Adds a trade.
   *
   * @param side - 1 buy, −1 sell, 0 unknown, which counts in volume, number and VWAP only
   * @param mid - of the last valid book state strictly before the trade; NaN when there is none
   */
  onTrade(side: number, price: number, amount: number, mid: number): void {
    const base = baseAmount(this.contract, price, amount);
    const notional = notionalUsd(this.contract, price, amount);
    if (this.tradeCount === 0) {
      this.open = price;
      this.high = price;
      this.low = price;
    } else if (price > this.high) this.high = price;
    else if (price < this.low) this.low = price;
    this.close = price;
    this.tradeCount++;
    this.volume += amount;
    this.base += base;
    this.notional += notional;
    const excess = (price - this.open) * base;
    this.excess += excess;
    if (side === 0) return;
    if (side > 0) {
      this.buyVolume += amount;
      this.buyBase += base;
      this.buyExcess += excess;
    } else {
      this.sellVolume += amount;
      this.sellBase += base;
      this.sellExcess += excess;
    }
    if (mid > 0) {
      this.effectiveSpreadSum += (amount * 2e4 * side * (price - mid)) / mid;
      this.effectiveSpreadVolume += amount;
    }
  }

  /** Takes a candle in place of its trades: prices and volume are known, all else of them is missing. */
  onCandle({ open, high, low, close, volume }: Candle): void {
    const traded = this.tradeCount === 0 ? { open, high, low, volume: 0 } : { ...this };
    for (const name of TRADE_NUMBERS) this[name] = Number.NaN;
    this.open = traded.open;
    this.high = Math.max(traded.high, high);
    this.low = Math.min(traded.low, low);
    this.close = close;
    this.volume = traded.volume + volume;
  }

  /** Tells a bar of its trades; its prices are NaN when there were none. */
  tell(bar: OpenBar): void {
    for (const name of TRADE_NUMBERS) bar[name] = this[name];
  }

  /** Begins a new bar. */
  beginBar(): void {
    for (const name of TRADE_NUMBERS) this[name] = 0;
    this.open = this.high = this.low = this.close = Number.NaN;
  }

  save(): readonly number[] {
    return TRADE_NUMBERS.map((name) => this[name]);
  }

  restore(state: ArrayLike<number>): void {
    TRADE_NUMBERS.forEach((name, i) => {
      this[name] = state[i]!;
    });
  }
}
