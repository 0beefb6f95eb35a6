import type { Stateful } from "./feature.js";

/**
 * The last n values, for sums that run from the oldest to the newest each time: they then depend on nothing but those
 * values, whatever came before them, and never drift.
 */
export class Window implements Stateful {
  private readonly values: Float64Array;
  private next = 0;
  private count = 0;

  /** @param n - how many values are kept */
  constructor(n: number) {
    this.values = new Float64Array(n);
  }

  /** Number of values kept so far, at most n. */
  get size(): number {
    return this.count;
  }

  /** True from the n-th value on. */
  get isFull(): boolean {
    return this.count === this.values.length;
  }

  /** Adds the newest value and drops the oldest when there are n. */
  push(value: number): void {
    this.values[this.next] = value;
    this.next = (this.next + 1) % this.values.length;
    if (!this.isFull) this.count++;
  }

  /** The value `pushes` pushes before the newest one; NaN when there was none. */
  ago(pushes: number): number {
    if (pushes >= this.count) return Number.NaN;
    const n = this.values.length;
    return this.values[(this.next - 1 - pushes + 2 * n) % n]!;
  }

  /** Sum of the newest values; NaN when there are fewer than asked for. */
  sum(newest: number = this.values.length): number {
    if (newest > this.count) return Number.NaN;
    let sum = 0;
    for (let i = newest - 1; i >= 0; i--) sum += this.ago(i);
    return sum;
  }

  /** Mean of all n values; NaN before there are n. */
  mean(): number {
    return this.sum() / this.values.length;
  }

  save(): readonly number[] {
    return Array.from({ length: this.count }, (_, i) => this.ago(this.count - 1 - i));
  }

  restore(state: ArrayLike<number>): void {
    this.next = 0;
    this.count = 0;
    for (let i = 0; i < state.length; i++) this.push(state[i]!);
  }
}
