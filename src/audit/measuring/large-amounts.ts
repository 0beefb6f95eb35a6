import { classOf, leastOf, NUMBER_CLASSES } from "./number-classes.js";
import { PlacesBySize, type SizeClass } from "./places-by-size.js";

/**
 * One amount in so many is counted, a prime, since rows may come in pairs and fours, and fewer once so many are known to begin
 * with …
 */
const STRIDE = 13;
const WIDE_STRIDE = 101;
const WELL_KNOWN = 1_000_000;

/** … but for the largest 2 in 1000, and what is so many times above the smaller three quarters: each of these is kept. */
const LARGE_SHARE = 0.998;
const BODY_SHARE = 0.75;
const BODIES = 100;

/** Amounts of very many rows: how they are spread by a sample, and where the large ones are, all of them. */
export class LargeAmounts {
  /** Those above the bound that was known when they came. */
  readonly large: PlacesBySize = new PlacesBySize();
  /** How many there are, as the sample says. */
  private readonly counts = new Uint32Array(NUMBER_CLASSES);
  /** Those of them that are not among the large. */
  private readonly small = new Uint32Array(NUMBER_CLASSES);
  private total = 0;
  private nextLook = 0;
  private bound = Number.POSITIVE_INFINITY;
  private offset = 0;

  /** Takes the amounts of further rows in order of time; none is below zero, and zero is no amount. */
  add(localUs: Float64Array, amounts: Float64Array): void {
    this.sample(amounts);
    const { bound } = this;
    let i = 0;
    // Nearly all fours have none, and are done in one step.
    for (; i + 4 <= amounts.length; i += 4) {
      const isAny =
        amounts[i]! > bound ||
        amounts[i + 1]! > bound ||
        amounts[i + 2]! > bound ||
        amounts[i + 3]! > bound;
      if (isAny) this.keep(localUs, amounts, i, i + 4);
    }
    this.keep(localUs, amounts, i, amounts.length);
  }

  /** All amounts by size, the smallest first; how many of the smaller ones there are is drawn from the sample. */
  sizes(): readonly SizeClass[] {
    const sampled: SizeClass[] = [];
    this.small.forEach((count, place) => {
      if (count > 0) sampled.push({ log: Math.log(leastOf(place)), count });
    });
    return [...sampled, ...this.large.sizes()].sort((a, b) => a.log - b.log);
  }

  private keep(localUs: Float64Array, amounts: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      if (amounts[i]! > this.bound && amounts[i]! < Number.POSITIVE_INFINITY) {
        this.large.add(localUs[i]!, amounts[i]!);
      }
    }
  }

  /** Counts some of the amounts; the first batch is sampled before it is looked through. */
  private sample(amounts: Float64Array): void {
    const stride = this.total < WELL_KNOWN ? STRIDE : WIDE_STRIDE;
    let i = this.offset;
    for (; i < amounts.length; i += stride) {
      const amount = amounts[i]!;
      if (!(amount > 0 && amount < Number.POSITIVE_INFINITY)) continue;
      const place = classOf(amount);
      this.counts[place]! += stride;
      if (amount <= this.bound) this.small[place]! += stride;
      this.total += stride;
    }
    this.offset = i - amounts.length;
    if (this.total === 0 || this.total < this.nextLook) return;
    this.nextLook = 2 * this.total;
    this.bound = Math.min(this.quantile(LARGE_SHARE), BODIES * this.quantile(BODY_SHARE));
  }

  private quantile(share: number): number {
    let left = share * this.total;
    for (let place = 0; place < NUMBER_CLASSES; place++) {
      left -= this.counts[place]!;
      if (left <= 0) return leastOf(place + 1);
    }
    return Number.POSITIVE_INFINITY;
  }
}
