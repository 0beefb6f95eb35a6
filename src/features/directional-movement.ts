import type { Bar } from "./bar.js";
import type { Stateful } from "./feature.js";
import { NOTHING_LEFT } from "./seeded-average.js";

/**
 * Wilder's directional movement: how far a bar reaches above the one before it, or below it, whichever is more, in sums
 * that forget with 1 − 1/n. They begin as the plain sums of the first n − 1 movements, as TA-Lib's do.
 *
 * @see Wilder 1978; TA-Lib, ta_ADX.c
 */
export class DirectionalMovement implements Stateful {
  private readonly n: number;
  private bars = 0;
  private high = Number.NaN;
  private low = Number.NaN;
  private up = 0;
  private down = 0;

  /** @param n - period */
  constructor(n: number) {
    this.n = n;
  }

  /**
   * The directional index with a new bar. It is (+DI − −DI)/(+DI + −DI) without its sign, in which the true range that
   * divides both stands above and below: it is left out.
   *
   * @returns in [0, 1]; NaN for the first n bars, and as long as nothing has moved
   */
  next({ high, low }: Pick<Bar, "high" | "low">): number {
    const rise = high - this.high;
    const fall = this.low - low;
    this.high = high;
    this.low = low;
    this.bars++;
    if (this.bars > this.n) {
      this.up -= this.up / this.n;
      this.down -= this.down / this.n;
    }
    // Compared to the last bit, as TA-Lib does: rises and falls of one tick may tie or not, by their rounding.
    if (rise > fall && rise > 0) this.up += rise;
    else if (fall > rise && fall > 0) this.down += fall;
    const moved = this.up + this.down;
    if (this.bars <= this.n || moved < NOTHING_LEFT) return Number.NaN;
    return Math.abs(this.up - this.down) / moved;
  }

  save(): readonly number[] {
    return [this.bars, this.high, this.low, this.up, this.down];
  }

  restore(state: ArrayLike<number>): void {
    this.bars = state[0]!;
    this.high = state[1]!;
    this.low = state[2]!;
    this.up = state[3]!;
    this.down = state[4]!;
  }
}
