import { SortedValues } from "./sorted-values.js";

/** Bits of a double that name its bucket: sign, exponent and so many of the fraction; a bucket is about 3 % wide. */
const FRACTION_BITS = 5;
const SHIFT = 20 - FRACTION_BITS;

/** Buckets to either side of the quantile's whose numbers are kept in order. */
const MARGIN = 1;

/** Reads the upper half of a double's bits. */
const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);
const UPPER = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * An exact quantile of positive numbers of which some are added and removed all the time. All are counted by magnitude, but
 * only those near the quantile are kept in order, which is a tenth of the work. When the quantile leaves them, its new
 * neighbours are looked up among all numbers.
 */
export class SlidingQuantile {
  private readonly counts = new Int32Array(2 ** (11 + FRACTION_BITS));
  private count = 0;
  /** The first and last bucket that are kept in order, and how many numbers lie below them. */
  private low = 0;
  private high = -1;
  private below = 0;
  private readonly near = new SortedValues();
  private readonly share: number;
  private readonly all: () => Float64Array;

  /**
   * @param share - in (0, 1]: the quantile is the smallest number that this share of all do not exceed
   * @param all - gives all numbers that were added and not removed, in any order
   */
  constructor(share: number, all: () => Float64Array) {
    this.share = share;
    this.all = all;
  }

  add(value: number): void {
    const bucket = bucketOf(value);
    this.counts[bucket]!++;
    this.count++;
    if (bucket < this.low) this.below++;
    else if (bucket <= this.high) this.near.add(value);
  }

  /** Removes a number that was added before. */
  remove(value: number): void {
    const bucket = bucketOf(value);
    this.counts[bucket]!--;
    this.count--;
    if (bucket < this.low) this.below--;
    else if (bucket <= this.high) this.near.remove(value);
  }

  /** The quantile; NaN when there are no numbers. */
  value(): number {
    if (this.count === 0) return Number.NaN;
    const place = Math.ceil(this.share * this.count) - 1;
    const isNear = place >= this.below && place < this.below + this.near.size;
    if (!isNear) this.moveTo(place);
    return this.near.at(place - this.below);
  }

  /** Counts all numbers anew. */
  reset(): void {
    this.counts.fill(0);
    this.count = 0;
    this.low = 0;
    this.high = -1;
    this.below = 0;
    this.near.reset(new Float64Array(0));
    for (const value of this.all()) this.add(value);
  }

  private moveTo(place: number): void {
    let bucket = 0;
    for (let passed = this.counts[0]!; passed <= place; ) passed += this.counts[++bucket]!;
    this.low = Math.max(bucket - MARGIN, 0);
    this.high = bucket + MARGIN;
    this.below = 0;
    for (let i = 0; i < this.low; i++) this.below += this.counts[i]!;
    this.near.reset(
      this.all().filter((value) => {
        const own = bucketOf(value);
        return own >= this.low && own <= this.high;
      }),
    );
  }
}

function bucketOf(value: number): number {
  DOUBLE[0] = value;
  return WORDS[UPPER]! >>> SHIFT;
}
