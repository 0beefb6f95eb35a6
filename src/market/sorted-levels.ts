/** Moves shorter than this are faster by a loop than by a call of `copyWithin`. */
const SHORT_MOVE = 24;

/** How many levels from the best one are tried before the search halves the rest. */
const NEAR = 8;

/**
 * Levels of one side of a book at any prices, sorted so that the best is at the end of the arrays. There is room before
 * the first and after the last, since a snapshot lists the best level first and so adds each other one at the beginning.
 */
export class SortedLevels {
  /** Price for bids, minus price for asks: grows towards the best level on both sides. */
  private keys = new Float64Array(256);
  private amounts = new Float64Array(256);
  /** Where the worst level is, and where the best one's next would be. */
  private first = 128;
  private end = 128;
  private readonly sign: 1 | -1;

  /** @param sign - 1 for bids (highest is best), −1 for asks (lowest is best) */
  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** Number of levels. */
  get size(): number {
    return this.end - this.first;
  }

  /** Price of level i, 0 is the best; NaN beyond the last. */
  price(i: number): number {
    return i < this.size ? this.sign * this.keys[this.end - 1 - i]! : Number.NaN;
  }

  /** Amount at level i, 0 is the best; NaN beyond the last. */
  amount(i: number): number {
    return i < this.size ? this.amounts[this.end - 1 - i]! : Number.NaN;
  }

  /** Sets the absolute amount at a price; 0 removes the level, and removing one that is not there does nothing. */
  set(price: number, amount: number): void {
    const key = this.sign * price;
    const at = this.lastNotAbove(key);
    if (at >= this.first && this.keys[at] === key) {
      if (amount === 0) this.removeAt(at);
      else this.amounts[at] = amount;
    } else if (amount !== 0) {
      this.insertAfter(at, key, amount);
    }
  }

  /** Removes all levels. */
  clear(): void {
    this.first = this.end = this.keys.length / 2;
  }

  /** Index of the last level whose key is not above the given one; the one before the first when all are. */
  private lastNotAbove(key: number): number {
    const { keys, first } = this;
    let high = this.end - 1;
    const stop = Math.max(first, high - NEAR);
    while (high >= stop && keys[high]! > key) high--;
    if (high >= stop) return high;
    let low = first - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (keys[middle]! <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private removeAt(at: number): void {
    if (this.end - at <= at - this.first) {
      this.move(at + 1, this.end, -1);
      this.end--;
    } else {
      this.move(this.first, at, 1);
      this.first++;
    }
  }

  private insertAfter(before: number, key: number, amount: number): void {
    let at = before + 1;
    if (this.first === 0 || this.end === this.keys.length) at += this.makeRoom();
    if (this.end - at <= at - this.first) {
      this.move(at, this.end, 1);
      this.end++;
    } else {
      this.move(this.first, at, -1);
      this.first--;
      at--;
    }
    this.keys[at] = key;
    this.amounts[at] = amount;
  }

  /** Moves the levels of a range by one place. */
  private move(from: number, to: number, by: 1 | -1): void {
    const { keys, amounts } = this;
    if (to - from >= SHORT_MOVE) {
      keys.copyWithin(from + by, from, to);
      amounts.copyWithin(from + by, from, to);
    } else if (by < 0) {
      for (let i = from; i < to; i++) {
        keys[i - 1] = keys[i]!;
        amounts[i - 1] = amounts[i]!;
      }
    } else {
      for (let i = to; i > from; i--) {
        keys[i] = keys[i - 1]!;
        amounts[i] = amounts[i - 1]!;
      }
    }
  }

  /** Puts the levels in the middle of arrays that are at least twice as long; returns how far they moved. */
  private makeRoom(): number {
    const { keys, amounts, first, end, size } = this;
    const length = 2 * size > keys.length ? 2 * keys.length : keys.length;
    this.keys = new Float64Array(length);
    this.amounts = new Float64Array(length);
    this.first = (length - size) >> 1;
    this.end = this.first + size;
    this.keys.set(keys.subarray(first, end), this.first);
    this.amounts.set(amounts.subarray(first, end), this.first);
    return this.first - first;
  }
}
