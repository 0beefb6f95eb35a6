import { DAY_US } from "../core/time.js";
import type { Bar } from "./bar.js";
import type { SharedPart } from "./shared-parts.js";
import { SortedValues } from "./sorted-values.js";
import { Window } from "./window.js";

/** Days of earlier values that the present one is ranked among. */
const DAYS = 30;

/**
 * Where the realised volatility of the last 24 h stands among its values of the 30 days before: the share of them that is
 * below it, equal ones counted half. Whole days of bars, so a month of one-minute bars is 43,200 values.
 */
export class VolatilityRank implements SharedPart {
  /** In [0, 1]; NaN before there are 24 h of returns and 24 h of earlier values. */
  value: number = Number.NaN;
  private barsPerDay = 0;
  private lastClose = Number.NaN;
  private squares = new Window(0);
  private earlier = new Window(0);
  private readonly sorted = new SortedValues();

  update({ close, barUs }: Bar): void {
    if (this.barsPerDay === 0) this.begin(DAY_US / barUs);
    this.value = Number.NaN;
    const square = Math.log(close / this.lastClose) ** 2;
    this.lastClose = close;
    if (Number.isNaN(square)) return;
    this.squares.push(square);
    if (!this.squares.isFull) return;
    const volatility = Math.sqrt(this.squares.sum());
    const { earlier, sorted } = this;
    if (earlier.size >= this.barsPerDay) {
      this.value = (sorted.below(volatility) + sorted.equal(volatility) / 2) / sorted.size;
    }
    if (earlier.isFull) sorted.remove(earlier.ago(earlier.size - 1));
    earlier.push(volatility);
    sorted.add(volatility);
  }

  save(): readonly number[] {
    const { value, barsPerDay, lastClose, squares, earlier } = this;
    return [value, barsPerDay, lastClose, squares.size, ...squares.view(), ...earlier.view()];
  }

  restore(state: ArrayLike<number>): void {
    const [value, barsPerDay, lastClose, size, ...values] = Array.from(state);
    this.begin(barsPerDay!);
    this.value = value!;
    this.lastClose = lastClose!;
    this.squares.restore(values.slice(0, size));
    this.earlier.restore(values.slice(size));
    this.sorted.reset(this.earlier.view());
  }

  private begin(barsPerDay: number): void {
    this.barsPerDay = barsPerDay;
    this.squares = new Window(barsPerDay);
    this.earlier = new Window(DAYS * barsPerDay);
  }
}
