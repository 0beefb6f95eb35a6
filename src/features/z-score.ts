import type { Stateful } from "./feature.js";
import { ROUNDING } from "./rounding.js";
import { Window } from "./window.js";

/** No z-score goes beyond. */
export const Z_LIMIT = 8;

/**
 * Distance of a value from the mean of the n values before it, in their standard deviations (n − 1 below), clipped to ±8.
 * Missing values take a place among the n; with fewer than n/2 values, or without any spread, the result is NaN.
 */
export class ZScore implements Stateful {
  private readonly before: Window;
  private readonly fewest: number;
  private readonly floor: number;

  /**
   * @param n - how many values before the current one are looked at
   * @param options.floor - the deviation is at least this
   */
  constructor(n: number, { floor = 0 }: { readonly floor?: number } = {}) {
    this.before = new Window(n);
    this.fewest = n / 2;
    this.floor = floor;
  }

  /** The value's z-score; afterwards the value is one of those before. */
  next(value: number): number {
    const score = this.score(value);
    this.before.push(value);
    return score;
  }

  save(): readonly number[] {
    return this.before.save();
  }

  restore(state: ArrayLike<number>): void {
    this.before.restore(state);
  }

  private score(value: number): number {
    const before = this.before.view();
    let count = 0;
    let sum = 0;
    let largest = 0;
    for (let i = 0; i < before.length; i++) {
      const x = before[i]!;
      if (Number.isNaN(x)) continue;
      count++;
      sum += x;
      largest = Math.max(largest, Math.abs(x));
    }
    if (count < this.fewest || count < 2) return Number.NaN;
    const mean = sum / count;
    let squares = 0;
    for (let i = 0; i < before.length; i++) {
      const x = before[i]!;
      if (!Number.isNaN(x)) squares += (x - mean) ** 2;
    }
    const deviation = Math.sqrt(squares / (count - 1));
    const spread = Math.max(deviation > ROUNDING * largest ? deviation : 0, this.floor);
    if (spread === 0) return Number.NaN;
    return Math.min(Math.max((value - mean) / spread, -Z_LIMIT), Z_LIMIT);
  }
}
