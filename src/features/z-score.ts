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
  /** Of the values before, once it was made along with the last score; else NaN. */
  private sum = Number.NaN;

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

  /** Takes a value whose score nobody asks for. */
  push(value: number): void {
    this.sum = Number.NaN;
    this.before.push(value);
  }

  save(): readonly number[] {
    return this.before.save();
  }

  restore(state: ArrayLike<number>): void {
    this.sum = Number.NaN;
    this.before.restore(state);
  }

  private score(value: number): number {
    const count = this.before.known;
    if (count < this.fewest || count < 2) {
      this.sum = Number.NaN;
      return Number.NaN;
    }
    const { isFull, size } = this.before;
    const hasMissing = count < size;
    const before = this.before.view();
    if (Number.isNaN(this.sum)) this.sum = sumOf(before);
    const mean = this.sum / count;
    // A full window loses its oldest value to the next one: that score's sum is made in this one's loop, since an
    // addition waits for the one before it, and two kinds of them wait together.
    let squares = isFull && !Number.isNaN(before[0]!) ? (before[0]! - mean) ** 2 : 0;
    let sum = 0;
    for (let i = isFull ? 1 : 0; i < before.length; i++) {
      const x = before[i]!;
      if (hasMissing && Number.isNaN(x)) continue;
      const distance = x - mean;
      squares += distance * distance;
      sum += x;
    }
    this.sum = Number.isNaN(value) ? sum : sum + value;
    const deviation = Math.sqrt(squares / (count - 1));
    // The largest value is farther from 0 than the mean by the root at most, and is looked for only where that does not tell.
    const isSpread =
      deviation > 2 * ROUNDING * (Math.abs(mean) + Math.sqrt(squares)) ||
      deviation > ROUNDING * largestOf(before);
    const spread = Math.max(isSpread ? deviation : 0, this.floor);
    if (spread === 0) return Number.NaN;
    return Math.min(Math.max((value - mean) / spread, -Z_LIMIT), Z_LIMIT);
  }
}

/** Sum of the values that are there, oldest first. */
function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i]!)) sum += values[i]!;
  return sum;
}

function largestOf(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (size > largest) largest = size;
  }
  return largest;
}
