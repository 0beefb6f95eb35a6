import type { Stateful } from "./feature.js";

/** Lengths after which an average has forgotten where it was seeded, to 1e-9 of the difference. */
export const EMA_WARM_UP = 11;
export const WILDER_WARM_UP = 20;

/**
 * A recursion without anything new to average sinks towards 0, which it cannot reach: below this it loses its digits, and
 * nothing is left of what it averaged.
 */
export const NOTHING_LEFT: number = 2 ** -1000;

/**
 * Exponential average that begins with the plain mean of its first n values, as TA-Lib's do.
 *
 * @see TA-Lib, ta_EMA.c and ta_RSI.c
 */
export class SeededAverage implements Stateful {
  private readonly n: number;
  private readonly weight: number;
  private count = 0;
  private sum = 0;
  private average = Number.NaN;

  /**
   * @param n - period
   * @param weight - of a new value: 2/(n + 1) for an EMA, 1/n for Wilder's
   */
  constructor(n: number, weight: number) {
    this.n = n;
    this.weight = weight;
  }

  /** Number of values so far. */
  get size(): number {
    return this.count;
  }

  /** The average with a new value; NaN for the first n − 1. */
  next(value: number): number {
    this.count++;
    if (this.count > this.n) {
      this.average += this.weight * (value - this.average);
    } else {
      this.sum += value;
      if (this.count === this.n) this.average = this.sum / this.n;
    }
    return this.average;
  }

  save(): readonly number[] {
    return [this.count, this.sum, this.average];
  }

  restore(state: ArrayLike<number>): void {
    this.count = state[0]!;
    this.sum = state[1]!;
    this.average = state[2]!;
  }
}
