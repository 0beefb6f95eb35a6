import { numbersToText, textToNumbers } from "../core/exact-numbers.js";

/** Levels of one side as saved: price and amount in turn, worst level first. */
export type PriceLevelsState = string;

/** Moves shorter than this are faster by a loop than by a call of `copyWithin`. */
const SHORT_MOVE = 24;

/** How many levels from the best one are tried before the search halves the rest. */
const NEAR = 8;

/**
 * The levels of one side of a book, sorted so that the best price is at the end of the arrays, where nearly all changes
 * happen. Prices are the exact doubles of the feed: no tick size is assumed.
 */
export class PriceLevels {
  /** Price for bids, minus price for asks: grows towards the best level on both sides. */
  private keys = new Float64Array(256);
  private amounts = new Float64Array(256);
  private count = 0;
  private readonly sign: 1 | -1;

  /** @param sign - 1 for bids (highest is best), −1 for asks (lowest is best) */
  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** Number of levels. */
  get size(): number {
    return this.count;
  }

  /** Price of level i, 0 is the best; NaN beyond the last. */
  price(i: number): number {
    return i < this.count ? this.sign * this.keys[this.count - 1 - i]! : Number.NaN;
  }

  /** Amount at level i, 0 is the best; NaN beyond the last. */
  amount(i: number): number {
    return i < this.count ? this.amounts[this.count - 1 - i]! : Number.NaN;
  }

  /** Sum of the amounts of the best levels, as many as there are up to `levels`. */
  depth(levels: number): number {
    const last = this.count - 1;
    const end = Math.max(last - levels, -1);
    let sum = 0;
    for (let i = last; i > end; i--) sum += this.amounts[i]!;
    return sum;
  }

  /** Sets the absolute amount at a price; 0 removes the level, and removing one that is not there does nothing. */
  set(price: number, amount: number): void {
    const key = this.sign * price;
    const at = this.lastNotAbove(key);
    if (at >= 0 && this.keys[at] === key) {
      if (amount === 0) this.removeAt(at);
      else this.amounts[at] = amount;
    } else if (amount !== 0) {
      this.insertAt(at + 1, key, amount);
    }
  }

  /** Removes all levels. */
  clear(): void {
    this.count = 0;
  }

  /** The levels as plain text; `restore` gives back the same bits. */
  save(): PriceLevelsState {
    const numbers = new Float64Array(2 * this.count);
    for (let i = 0; i < this.count; i++) {
      numbers[2 * i] = this.sign * this.keys[i]!;
      numbers[2 * i + 1] = this.amounts[i]!;
    }
    return numbersToText(numbers);
  }

  /** Takes over saved levels in place of its own. */
  restore(state: PriceLevelsState): void {
    const numbers = textToNumbers(state);
    this.count = 0;
    for (let i = 0; i < numbers.length; i += 2) this.set(numbers[i]!, numbers[i + 1]!);
  }

  /** Index of the last level whose key is not above the given one; −1 when all are. */
  private lastNotAbove(key: number): number {
    const { keys } = this;
    let high = this.count - 1;
    const stop = high > NEAR ? high - NEAR : 0;
    while (high >= stop && keys[high]! > key) high--;
    if (high >= stop) return high;
    let low = -1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (keys[middle]! <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private removeAt(at: number): void {
    const { keys, amounts, count } = this;
    if (count - at < SHORT_MOVE) {
      for (let i = at + 1; i < count; i++) {
        keys[i - 1] = keys[i]!;
        amounts[i - 1] = amounts[i]!;
      }
    } else {
      keys.copyWithin(at, at + 1, count);
      amounts.copyWithin(at, at + 1, count);
    }
    this.count--;
  }

  private insertAt(at: number, key: number, amount: number): void {
    if (this.count === this.keys.length) this.grow();
    const { keys, amounts, count } = this;
    if (count - at < SHORT_MOVE) {
      for (let i = count; i > at; i--) {
        keys[i] = keys[i - 1]!;
        amounts[i] = amounts[i - 1]!;
      }
    } else {
      keys.copyWithin(at + 1, at, count);
      amounts.copyWithin(at + 1, at, count);
    }
    keys[at] = key;
    amounts[at] = amount;
    this.count++;
  }

  private grow(): void {
    const keys = new Float64Array(2 * this.keys.length);
    const amounts = new Float64Array(keys.length);
    keys.set(this.keys);
    amounts.set(this.amounts);
    this.keys = keys;
    this.amounts = amounts;
  }
}
