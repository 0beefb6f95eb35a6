import { DAY_US } from "../core/time.js";
import type { Bar } from "./bar.js";
import type { Stateful } from "./feature.js";
import { ROUNDING } from "./rounding.js";
import { Window } from "./window.js";

/** Buckets of a day's volume, and completed ones that the imbalance is taken over. */
const BUCKETS = 50;

/**
 * Volume cut into buckets of a fiftieth of the trailing day's volume: the bars of the 24 h before the one in which a bucket
 * opens. Its size stays until it is full; an order that overfills one is divided over as many as it fills.
 */
export class VolumeBuckets implements Stateful {
  private volumes = new Window(0);
  private barsPerDay = 0;
  /** Of completed buckets: |buys − sells|, and all volume. */
  private readonly imbalances = new Window(BUCKETS);
  private readonly totals = new Window(BUCKETS);
  /** The open bucket: its size, NaN when none is open, and what is in it. */
  private size = Number.NaN;
  private buys = 0;
  private sells = 0;
  private total = 0;

  /** Σ|buys − sells| / Σ volume over the last 50 completed buckets; NaN before there are 50. */
  imbalance(): number {
    return this.imbalances.sum() / this.totals.sum();
  }

  /** Fills a bar's orders into buckets. */
  push({ barUs, orders }: Bar): void {
    if (this.barsPerDay === 0) this.begin(DAY_US / barUs);
    const { count, side, amount } = orders;
    const freshSize = count === 0 ? Number.NaN : this.volumes.sum() / BUCKETS;
    let volume = 0;
    for (let i = 0; i < count; i++) {
      volume += amount[i]!;
      this.fill(side[i]!, amount[i]!, freshSize);
    }
    this.volumes.push(volume);
  }

  save(): readonly number[] {
    const { barsPerDay, size, buys, sells, total, imbalances, totals, volumes } = this;
    const completed = [imbalances.size, ...imbalances.view(), ...totals.view()];
    return [barsPerDay, size, buys, sells, total, ...completed, ...volumes.view()];
  }

  restore(state: ArrayLike<number>): void {
    const [barsPerDay, size, buys, sells, total, completed, ...rest] = Array.from(state);
    this.begin(barsPerDay!);
    this.size = size!;
    this.buys = buys!;
    this.sells = sells!;
    this.total = total!;
    this.imbalances.restore(rest.slice(0, completed));
    this.totals.restore(rest.slice(completed, 2 * completed!));
    this.volumes.restore(rest.slice(2 * completed!));
  }

  private begin(barsPerDay: number): void {
    this.barsPerDay = barsPerDay;
    this.volumes = new Window(barsPerDay);
  }

  private fill(side: number, amount: number, freshSize: number): void {
    let left = amount;
    while (left > 0) {
      if (Number.isNaN(this.size)) {
        if (!(freshSize > 0)) return;
        this.size = freshSize;
        // Of the buckets that an order fills alone only the last 50 can matter.
        const beyond = Math.floor(left / freshSize) - BUCKETS;
        if (beyond > 0) left -= beyond * freshSize;
      }
      const taken = Math.min(left, this.size - this.total);
      left -= taken;
      this.total += taken;
      if (side > 0) this.buys += taken;
      else if (side < 0) this.sells += taken;
      // What is left of a bucket by rounding is no room.
      if (this.total >= this.size * (1 - ROUNDING)) this.complete();
    }
  }

  private complete(): void {
    this.imbalances.push(Math.abs(this.buys - this.sells));
    this.totals.push(this.total);
    this.size = Number.NaN;
    this.buys = this.sells = this.total = 0;
  }
}
