import type { PriceGrid } from "./price-grid.js";

/** Where the level that a window is laid around comes to lie: below it are the deeper levels, above it room to move. */
const ANCHOR = 0.75;

/**
 * Levels of one side of a book within a range of prices: one slot a tick, higher slots for better prices. A change is a
 * store to a flat array, and a bit per slot finds the next level when the best one goes.
 *
 * A price has a slot when the slot's number gives back its exact double; all others are refused.
 */
export class TickWindow {
  private readonly sign: 1 | -1;
  /** Amounts by slot; what stands where no level is means nothing. */
  private amounts = new Float64Array(0);
  /** One bit a slot: is there a level? */
  private occupied = new Int32Array(0);
  /** Price of a slot: (first + slot) · step / scale; step and first are negative for asks. */
  private first = 0;
  private step = 1;
  private scale = 1;
  private slotsPerPrice = 1;
  /** Number of levels. */
  count = 0;
  /** Slot of the best level, −1 when there is none. */
  best = -1;
  /** Price of the best level, where there is one. */
  bestPrice: number = Number.NaN;

  /** @param sign - 1 for bids (highest is best), −1 for asks (lowest is best) */
  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** Price of a slot. */
  price(slot: number): number {
    return ((this.first + slot) * this.step) / this.scale;
  }

  /** Amount at a slot that has a level. */
  amount(slot: number): number {
    return this.amounts[slot]!;
  }

  /** Slot of the next worse level, −1 when there is none. */
  below(slot: number): number {
    const { occupied } = this;
    let word = slot >> 5;
    let bits = occupied[word]! & ((1 << slot) - 1);
    while (bits === 0 && word > 0) bits = occupied[--word]!;
    return bits === 0 ? -1 : (word << 5) + 31 - Math.clz32(bits);
  }

  /** Sum of the amounts of so many best levels; there are as many. */
  depth(levels: number): number {
    if (levels <= 0) return 0;
    const { amounts, occupied } = this;
    let slot = this.best;
    let sum = 0;
    for (let left = levels; ; left--) {
      sum += amounts[slot]!;
      if (left <= 1) return sum;
      // The next slot has a level most of the time; asking first is faster than seeking.
      slot--;
      if (((occupied[slot >> 5]! >>> slot) & 1) === 0) slot = this.below(slot);
    }
  }

  /** Highest slot that is worse than a price without one; −1 when all are better, or there is no price. */
  worseThan(price: number): number {
    const near = Math.ceil(price * this.slotsPerPrice - this.first);
    if (!(near >= 0)) return -1;
    let slot = Math.min(near, this.amounts.length - 1);
    while (slot >= 0 && this.sign * this.price(slot) > this.sign * price) slot--;
    return slot;
  }

  /**
   * Sets the absolute amounts at prices, row after row, until a price has no slot; 0 removes the level.
   *
   * @returns the first row that was not set; `to` where all were
   */
  setRows(price: Float64Array, amount: Float64Array, from: number, to: number): number {
    const { amounts, occupied, first, step, scale, slotsPerPrice } = this;
    let { count, best: top } = this;
    let row = from;
    for (; row < to; row++) {
      const exact = price[row]!;
      const slot = (exact * slotsPerPrice - first + 0.5) | 0;
      if (slot < 0 || slot >= amounts.length || ((first + slot) * step) / scale !== exact) break;
      const word = slot >> 5;
      const bits = occupied[word]!;
      // No branch on what nobody can foresee: whether the level is new, stays or goes.
      const isLevel = Number(amount[row] !== 0);
      amounts[slot] = amount[row]!;
      occupied[word] = (bits & ~(1 << slot)) | (isLevel << slot);
      count += isLevel - ((bits >>> slot) & 1);
      if (slot > top) top = slot;
    }
    this.count = count;
    if (top >= 0) this.findBest(top);
    return row;
  }

  /** Removes all levels. */
  clear(): void {
    this.occupied.fill(0);
    this.count = 0;
    this.best = -1;
  }

  /** Whether it is laid out about as it would be now. */
  fits({ step, scale }: PriceGrid, anchor: number, slots: number): boolean {
    const slot = anchor * this.slotsPerPrice - this.first;
    return (
      this.step === this.sign * step &&
      this.scale === scale &&
      this.amounts.length >= slots &&
      slot > 0.5 * this.amounts.length &&
      slot < 0.9 * this.amounts.length
    );
  }

  /**
   * Lays an empty window anew.
   *
   * @param grid - of its prices
   * @param anchor - price around which it lies
   * @param slots - multiple of 32
   */
  layOut({ step, scale }: PriceGrid, anchor: number, slots: number): void {
    this.step = this.sign * step;
    this.scale = scale;
    this.slotsPerPrice = scale / this.step;
    const first = Math.round(anchor * this.slotsPerPrice) - ANCHOR * slots;
    // No slot for 0: it has two signs.
    this.first = this.sign === 1 ? Math.max(first, 1) : Math.min(first, -slots);
    this.amounts = new Float64Array(slots);
    this.occupied = new Int32Array(slots / 32);
    this.count = 0;
    this.best = -1;
  }

  /** @param top - slot that no level is above */
  private findBest(top: number): void {
    const isLevel = ((this.occupied[top >> 5]! >>> top) & 1) === 1;
    const best = isLevel ? top : this.below(top);
    if (best === this.best) return;
    this.best = best;
    this.bestPrice = this.price(best);
  }
}
