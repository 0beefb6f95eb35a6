import { DAY_US } from "../core/time.js";
import type { Bar } from "./bar.js";
import type { Stateful } from "./feature.js";

/** The session's volume-weighted average price: since 00:00 UTC, for days that were seen from their first bar on. */
export class Session implements Stateful {
  /** First price of the session; sums are taken around it. */
  private reference = Number.NaN;
  private base = Number.NaN;
  private excess = Number.NaN;

  /** Close minus the session's VWAP, and the VWAP, with the given bar; bars come in order without gaps. */
  next({ endUs, barUs, open, close, base, excess }: Bar): { above: number; vwap: number } {
    if ((endUs - barUs) % DAY_US === 0) {
      this.base = 0;
      this.excess = 0;
    }
    if (base > 0) {
      if (this.base === 0) this.reference = open;
      this.base += base;
      this.excess += excess + (open - this.reference) * base;
    }
    const vwapAbove = this.excess / this.base;
    return { above: close - this.reference - vwapAbove, vwap: this.reference + vwapAbove };
  }

  save(): readonly number[] {
    return [this.reference, this.base, this.excess];
  }

  restore(state: ArrayLike<number>): void {
    this.reference = state[0]!;
    this.base = state[1]!;
    this.excess = state[2]!;
  }
}
