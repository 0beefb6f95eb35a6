import type { Stateful } from "./feature.js";

/**
 * The last n values, for sums that run from the oldest to the newest each time: they then depend on nothing but those
 * values, whatever came before them, and never drift.
 */
export class Window implements Stateful {
  private readonly n: number;
  /** The kept values lie one after the other; when the end is reached they move to the beginning. */
  private readonly values: Float64Array;
  private first = 0;
  private end = 0;
  private missing = 0;

  /** @param n - how many values are kept */
  constructor(n: number) {
    this.n = n;
    this.values = new Float64Array(2 * n + 64);
  }

  /** Number of values kept so far, at most n. */
  get size(): number {
    return this.end - this.first;
  }

  /** Number of kept values that are not NaN. */
  get known(): number {
    return this.size - this.missing;
  }

  /** True from the n-th value on. */
  get isFull(): boolean {
    return this.size === this.n;
  }

  /** Adds the newest value and drops the oldest when there are n. */
  push(value: number): void {
    if (this.isFull && Number.isNaN(this.values[this.first++]!)) this.missing--;
    if (this.end === this.values.length) {
      this.values.copyWithin(0, this.first, this.end);
      this.end -= this.first;
      this.first = 0;
    }
    this.values[this.end++] = value;
    if (Number.isNaN(value)) this.missing++;
  }

  /** The value `pushes` pushes before the newest one; NaN when there was none. */
  ago(pushes: number): number {
    return pushes < this.size ? this.values[this.end - 1 - pushes]! : Number.NaN;
  }

  /** Sum of the newest values; NaN when there are fewer than asked for. */
  sum(newest: number = this.n): number {
    if (newest > this.size) return Number.NaN;
    const { values, end } = this;
    let sum = 0;
    for (let i = end - newest; i < end; i++) sum += values[i]!;
    return sum;
  }

  /** Mean of all n values; NaN before there are n. */
  mean(): number {
    return this.sum() / this.n;
  }

  /** The kept values, oldest first; to be read before the next push, and not written to. */
  view(): Float64Array {
    return this.values.subarray(this.first, this.end);
  }

  save(): readonly number[] {
    return Array.from(this.view());
  }

  restore(state: ArrayLike<number>): void {
    this.first = 0;
    this.end = 0;
    this.missing = 0;
    for (let i = 0; i < state.length; i++) this.push(state[i]!);
  }
}
