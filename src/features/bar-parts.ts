import { PARTS } from "./bar.js";
import type { Stateful } from "./feature.js";

/** Moves of the mid and signed notional of the parts of the open bar. */
export class BarParts implements Stateful {
  readonly moveBps: Float64Array = new Float64Array(PARTS);
  readonly signedNotional: Float64Array = new Float64Array(PARTS);
  private ended = 0;
  /** Of the open part: mid in force at its begin, NaN where there was none; bought less sold. */
  private mid = Number.NaN;
  private notional = 0;

  /** @param side - 1 buy, −1 sell, 0 unknown, which does not count */
  onTrade(side: number, notional: number): void {
    this.notional += side * notional;
  }

  /** @param mid - in force at the part's end, NaN without a valid book */
  endPart(mid: number): void {
    this.moveBps[this.ended] = (1e4 * (mid - this.mid)) / this.mid;
    this.signedNotional[this.ended++] = this.notional;
    this.mid = mid;
    this.notional = 0;
  }

  /** Begins a new bar; what its last part left stays. */
  beginBar(): void {
    this.ended = 0;
  }

  save(): readonly number[] {
    const { ended, mid, notional, moveBps, signedNotional } = this;
    return [mid, notional, ...moveBps.subarray(0, ended), ...signedNotional.subarray(0, ended)];
  }

  restore(state: ArrayLike<number>): void {
    const ended = (state.length - 2) / 2;
    this.mid = state[0]!;
    this.notional = state[1]!;
    for (let i = 0; i < ended; i++) {
      this.moveBps[i] = state[2 + i]!;
      this.signedNotional[i] = state[2 + ended + i]!;
    }
    this.ended = ended;
  }
}
