import type { Bar } from "./bar.js";
import type { Stateful } from "./feature.js";
import { Window } from "./window.js";

/** Bars whose volume-weighted average price is wanted, as its distance from a price near it: that keeps small digits. */
export class VwapWindow implements Stateful {
  private readonly opens: Window;
  private readonly bases: Window;
  private readonly excesses: Window;
  private readonly n: number;

  /** @param n - number of bars kept */
  constructor(n: number) {
    this.n = n;
    this.opens = new Window(n);
    this.bases = new Window(n);
    this.excesses = new Window(n);
  }

  /** Adds the newest bar. */
  push({ open, base, excess }: Bar): void {
    this.opens.push(open);
    this.bases.push(base);
    this.excesses.push(excess);
  }

  /**
   * VWAP minus a price, over some bars.
   *
   * @param price - the price to measure from
   * @param bars - how many bars
   * @param ago - how many bars before the newest one the last of them is
   * @returns NaN when there are not as many bars, or nothing traded in them
   */
  above(price: number, bars: number, ago = 0): number {
    if (bars + ago > Math.min(this.n, this.opens.size)) return Number.NaN;
    let base = 0;
    let excess = 0;
    for (let i = ago + bars - 1; i >= ago; i--) {
      const traded = this.bases.ago(i);
      if (traded === 0) continue;
      base += traded;
      excess += this.excesses.ago(i) + (this.opens.ago(i) - price) * traded;
    }
    return excess / base;
  }

  save(): readonly number[] {
    return [...this.opens.save(), ...this.bases.save(), ...this.excesses.save()];
  }

  restore(state: ArrayLike<number>): void {
    const numbers = Array.from(state);
    const size = numbers.length / 3;
    this.opens.restore(numbers.slice(0, size));
    this.bases.restore(numbers.slice(size, 2 * size));
    this.excesses.restore(numbers.slice(2 * size));
  }
}
