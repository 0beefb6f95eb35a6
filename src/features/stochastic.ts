import type { Bar } from "./bar.js";
import type { Stateful } from "./feature.js";
import { Window } from "./window.js";

/** Place of the close between the lowest low and the highest high of the last n bars: %K, as a ratio. */
export class Stochastic implements Stateful {
  private readonly highs: Window;
  private readonly lows: Window;

  /** @param n - number of bars */
  constructor(n: number) {
    this.highs = new Window(n);
    this.lows = new Window(n);
  }

  /**
   * %K with a new bar. Prices are compared as they were traded: no rounding can part equal ones or take the close beyond
   * its bar.
   *
   * @returns in [0, 1]; NaN before the n-th bar with a price, and when all prices are equal
   */
  next({ high, low, close }: Bar): number {
    this.highs.push(high);
    this.lows.push(low);
    if (!this.highs.isFull) return Number.NaN;
    let highest = high;
    let lowest = low;
    for (let i = this.highs.size - 1; i > 0; i--) {
      highest = Math.max(highest, this.highs.ago(i));
      lowest = Math.min(lowest, this.lows.ago(i));
    }
    return (close - lowest) / (highest - lowest);
  }

  save(): readonly number[] {
    return [...this.highs.save(), ...this.lows.save()];
  }

  restore(state: ArrayLike<number>): void {
    const prices = Array.from(state);
    this.highs.restore(prices.slice(0, prices.length / 2));
    this.lows.restore(prices.slice(prices.length / 2));
  }
}
