import { numbersToText, textToNumbers } from "../core/exact-numbers.js";
import { priceGrid } from "./price-grid.js";
import { SortedLevels } from "./sorted-levels.js";
import { TickWindow } from "./tick-window.js";

/** Levels of one side as saved: price and amount in turn, worst level first. */
export type BookSideState = string;

/** How many of the best levels show where the market is and what its tick is. */
const SHOWN = 64;

/** Slots of a window: about 32 a level, which is one word of its bits, so that the next level is not far to seek. */
const FEWEST_SLOTS = 1024;
const MOST_SLOTS = 131_072;
const SLOTS_PER_LEVEL = 32;

/** Changes without a slot that are borne at most before the window is thought about again. */
const MOST_PATIENCE = 65_536;

/** Above every slot. */
const UNKNOWN = MOST_SLOTS;

/**
 * The levels of one side of a book: those around the market in a window of ticks, where nearly all changes happen, the
 * rest (far away, or on no grid) sorted. Prices are the exact doubles of the feed: no tick size is assumed, it is seen.
 *
 * A price with a slot is never in the rest. When many changes had no slot, the window is laid anew around the best levels.
 */
export class BookSide {
  private readonly window: TickWindow;
  private readonly rest: SortedLevels;
  /** Changes so far, and how many there were when the window was last thought about. */
  private changes = 0;
  private laidAt = 0;
  /** Changes since then whose price had no slot, and how many of them are borne. */
  private missed = 0;
  private patience = SHOWN;
  /** Highest slot that is worse than the best level of the rest; above all slots while that is not known. */
  private restTop = UNKNOWN;
  /** The level last read, at which change, and the next levels there of the window and of the rest. */
  private level = 0;
  private readAt = -1;
  private slot = -1;
  private restLevel = 0;
  private restSlot = -1;

  /** @param sign - 1 for bids (highest is best), −1 for asks (lowest is best) */
  constructor(sign: 1 | -1) {
    this.window = new TickWindow(sign);
    this.rest = new SortedLevels(sign);
  }

  /** Number of levels. */
  get size(): number {
    return this.window.count + this.rest.size;
  }

  /** Price of level i, 0 is the best; NaN beyond the last. */
  price(i: number): number {
    const { window } = this;
    return i === 0 && window.best > this.restTop ? window.bestPrice : this.soughtPrice(i);
  }

  /** Amount at level i, 0 is the best; NaN beyond the last. */
  amount(i: number): number {
    const { window } = this;
    return i === 0 && window.best > this.restTop
      ? window.amount(window.best)
      : this.soughtAmount(i);
  }

  /** Sum of the amounts of the best levels, as many as there are up to `levels`. */
  depth(levels: number): number {
    const { window } = this;
    const end = Math.min(levels, this.size);
    if (this.restTop < 0 && end <= window.count) return window.depth(end);
    let sum = 0;
    for (let i = 0; i < end; i++) sum += this.amount(i);
    return sum;
  }

  /**
   * Fills in best price, its amount and the sum of the amounts of the best levels.
   *
   * @param top - to be filled from index `at` on
   */
  readTop(levels: number, top: Float64Array, at: number): void {
    const { window } = this;
    if (this.restTop < 0 && levels < window.count) {
      top[at] = window.bestPrice;
      top[at + 1] = window.amount(window.best);
      top[at + 2] = window.depth(levels);
    } else {
      top[at] = this.price(0);
      top[at + 1] = this.amount(0);
      top[at + 2] = this.depth(levels);
    }
  }

  /** Sets the absolute amount at a price; 0 removes the level, and removing one that is not there does nothing. */
  set(price: number, amount: number): void {
    this.setRows(Float64Array.of(price), Float64Array.of(amount), 0, 1);
  }

  /** The same for rows of columns, one after the other. */
  setRows(price: Float64Array, amount: Float64Array, from: number, to: number): void {
    this.changes += to - from;
    for (let row = this.window.setRows(price, amount, from, to); row < to; ) {
      this.miss(price[row]!, amount[row]!);
      row = this.window.setRows(price, amount, row + 1, to);
    }
  }

  /** Removes all levels. */
  clear(): void {
    this.changes++;
    this.window.clear();
    this.rest.clear();
    this.restTop = -1;
  }

  /** The levels as plain text; `restore` gives back the same bits. */
  save(): BookSideState {
    const { price, amount } = this.levels();
    const turns = new Float64Array(2 * price.length);
    price.forEach((value, i) => {
      turns[2 * i] = value;
      turns[2 * i + 1] = amount[i]!;
    });
    return numbersToText(turns);
  }

  /** Takes over saved levels in place of its own. */
  restore(state: BookSideState): void {
    const turns = textToNumbers(state);
    this.clear();
    const price = turns.filter((_, i) => i % 2 === 0);
    const amount = turns.filter((_, i) => i % 2 === 1);
    this.setRows(price, amount, 0, price.length);
  }

  private miss(price: number, amount: number): void {
    this.rest.set(price, amount);
    this.restTop = UNKNOWN;
    if (++this.missed < this.patience) return;
    // Where a window takes less than half of the changes there may be no good one: look for it ever less often.
    const isUseful = 2 * this.missed < this.changes - this.laidAt;
    const patience = isUseful ? this.size + SHOWN : 2 * this.patience;
    this.patience = Math.min(patience, MOST_PATIENCE);
    this.layOut();
    this.missed = 0;
    this.laidAt = ++this.changes;
  }

  /** Lays the window around the market as it is now, if that is elsewhere; a step a level. */
  private layOut(): void {
    const best = Array.from({ length: Math.min(this.size, SHOWN) }, (_, i) => this.price(i));
    const anchor = best[best.length >> 1];
    const grid = priceGrid(best);
    if (grid === undefined || anchor === undefined) return;
    const wanted = 2 ** Math.ceil(Math.log2(SLOTS_PER_LEVEL * this.size));
    const slots = Math.min(Math.max(wanted, FEWEST_SLOTS), MOST_SLOTS);
    if (this.window.fits(grid, anchor, slots)) return;
    const { price, amount } = this.levels();
    this.rest.clear();
    this.restTop = UNKNOWN;
    this.window.layOut(grid, anchor, slots);
    for (let row = 0; row < price.length; row++) {
      row = this.window.setRows(price, amount, row, price.length);
      if (row < price.length) this.rest.set(price[row]!, amount[row]!);
    }
  }

  /** All levels, the worst first. */
  private levels(): { readonly price: Float64Array; readonly amount: Float64Array } {
    const { size } = this;
    const price = new Float64Array(size);
    const amount = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      price[size - 1 - i] = this.price(i);
      amount[size - 1 - i] = this.amount(i);
    }
    return { price, amount };
  }

  private soughtPrice(i: number): number {
    if (i >= this.size) return Number.NaN;
    this.seek(i);
    return this.isInWindow() ? this.window.price(this.slot) : this.rest.price(this.restLevel);
  }

  private soughtAmount(i: number): number {
    if (i >= this.size) return Number.NaN;
    this.seek(i);
    return this.isInWindow() ? this.window.amount(this.slot) : this.rest.amount(this.restLevel);
  }

  /** Goes to level i: onwards from the level last read, or from the best. */
  private seek(i: number): void {
    if (this.readAt !== this.changes || this.level > i) {
      if (this.restTop === UNKNOWN) this.restTop = this.window.worseThan(this.rest.price(0));
      this.readAt = this.changes;
      this.level = 0;
      this.slot = this.window.best;
      this.restLevel = 0;
      this.restSlot = this.restTop;
    }
    for (; this.level < i; this.level++) {
      if (this.isInWindow()) {
        this.slot = this.window.below(this.slot);
      } else {
        this.restLevel++;
        const isAlone = this.slot < 0;
        this.restSlot = isAlone ? -1 : this.window.worseThan(this.rest.price(this.restLevel));
      }
    }
  }

  /** Whether the level at hand is the window's. */
  private isInWindow(): boolean {
    return this.slot > this.restSlot;
  }
}
