import { DAY_US } from "../core/time.js";
import type { Bar } from "./bar.js";
import type { Stateful } from "./feature.js";
import { SlidingQuantile } from "./sliding-quantile.js";
import { Window } from "./window.js";

/** The size that a share of the orders of the last 24 h, whole bars of them, do not exceed. */
export class TrailingOrders implements Stateful {
  private barsPerDay = 0;
  /** Orders in each bar. */
  private counts = new Window(0);
  /** Sizes, oldest first, from `first` to `end`. */
  private sizes = new Float64Array(1024);
  private first = 0;
  private end = 0;
  private readonly sought: SlidingQuantile;

  /** @param share - in (0, 1] */
  constructor(share: number) {
    this.sought = new SlidingQuantile(share, () => this.sizes.subarray(this.first, this.end));
  }

  /** The size; NaN before there are 24 h of bars, or without an order in them. */
  quantile(): number {
    return this.barsPerDay > 0 && this.counts.isFull ? this.sought.value() : Number.NaN;
  }

  /** Adds the orders of a bar, and drops those of the bar 24 h before. */
  push({ barUs, orders: { count, amount } }: Bar): void {
    if (this.barsPerDay === 0) this.begin(DAY_US / barUs);
    if (this.counts.isFull) {
      const end = this.first + this.counts.ago(this.barsPerDay - 1);
      while (this.first < end) this.sought.remove(this.sizes[this.first++]!);
    }
    this.counts.push(count);
    if (this.end + count > this.sizes.length) this.makeRoom(count);
    for (let i = 0; i < count; i++) {
      this.sizes[this.end++] = amount[i]!;
      this.sought.add(amount[i]!);
    }
  }

  save(): readonly number[] {
    const { barsPerDay, counts } = this;
    const sizes = this.sizes.subarray(this.first, this.end);
    return [barsPerDay, counts.size, ...counts.view(), ...sizes];
  }

  restore(state: ArrayLike<number>): void {
    const numbers = Float64Array.from(state);
    const sizesAt = 2 + numbers[1]!;
    this.begin(numbers[0]!);
    this.counts.restore(numbers.subarray(2, sizesAt));
    this.sizes = numbers.slice(sizesAt);
    this.first = 0;
    this.end = this.sizes.length;
    this.sought.reset();
  }

  private begin(barsPerDay: number): void {
    this.barsPerDay = barsPerDay;
    this.counts = new Window(barsPerDay);
  }

  private makeRoom(count: number): void {
    const kept = this.sizes.subarray(this.first, this.end);
    this.sizes = new Float64Array(2 * (kept.length + count));
    this.sizes.set(kept);
    this.end -= this.first;
    this.first = 0;
  }
}
