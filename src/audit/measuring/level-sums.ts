import type { BookView } from "../../market/book-view.js";
import type { BookSnapshots } from "../../store/tables.js";

/** Weights of the levels, bids first: irrational, so that other levels give other sums. */
const ASKS = 32;
const WEIGHTS: Float64Array = Float64Array.from({ length: 2 * ASKS }, (_, i) =>
  Math.sqrt(2 + i * i + i),
);
const AMOUNT_WEIGHT = Math.SQRT2;

/**
 * Sums that stand for the best levels of a book, of their prices alone and of prices and amounts, for several depths at once:
 * equal levels give equal bits, whether they come from a book or from snapshots, and others hardly ever.
 */
export class BookSums {
  /** By depth, in the order given. */
  readonly prices: Float64Array;
  readonly all: Float64Array;
  private readonly depths: readonly number[];

  /** @param depths - levels of each side, at most 32; the least first */
  constructor(depths: readonly number[]) {
    this.depths = depths;
    this.prices = new Float64Array(depths.length);
    this.all = new Float64Array(depths.length);
  }

  /** Fills in the sums of a book as it is now; the deepest reads its levels for all. */
  read(book: BookView): this {
    const { depths, prices, all } = this;
    const { bidLevels, askLevels } = book;
    let level = 0;
    let priceSum = 0;
    let allSum = 0;
    for (let i = 0; i < depths.length; i++) {
      for (const end = Math.min(depths[i]!, bidLevels); level < end; level++) {
        const weight = WEIGHTS[level]!;
        const price = book.bidPrice(level);
        priceSum += weight * price;
        allSum += weight * (price + AMOUNT_WEIGHT * book.bidAmount(level));
      }
      prices[i] = priceSum;
      all[i] = allSum;
    }
    level = 0;
    for (let i = 0; i < depths.length; i++) {
      for (const end = Math.min(depths[i]!, askLevels); level < end; level++) {
        const weight = WEIGHTS[ASKS + level]!;
        const price = book.askPrice(level);
        const whole = weight * (price + AMOUNT_WEIGHT * book.askAmount(level));
        // This depth and those below it have the level.
        for (let deeper = i; deeper < depths.length; deeper++) {
          prices[deeper]! += weight * price;
          all[deeper]! += whole;
        }
      }
    }
    return this;
  }
}

/** The sums of each row of a batch of snapshots, column by column. */
export function snapshotSums(
  { localTimestampUs, bidPrice, bidAmount, askPrice, askAmount }: BookSnapshots,
  depth: number,
): { readonly prices: Float64Array; readonly all: Float64Array } {
  const prices = new Float64Array(localTimestampUs.length);
  const all = new Float64Array(localTimestampUs.length);
  for (const [price, amount, first] of [
    [bidPrice, bidAmount, 0],
    [askPrice, askAmount, ASKS],
  ] as const) {
    for (let level = 0; level < depth; level++) {
      const sums = { prices, all };
      addColumn(sums, price[level]!, { amount: amount[level]!, weight: WEIGHTS[first + level]! });
    }
  }
  return { prices, all };
}

/** Adds one level of all rows; a level that is empty is NaN, and counts as nothing. */
function addColumn(
  { prices, all }: { readonly prices: Float64Array; readonly all: Float64Array },
  price: Float64Array,
  { amount, weight }: { readonly amount: Float64Array; readonly weight: number },
): void {
  for (let row = 0; row < price.length; row++) {
    if (!(price[row]! > 0)) continue;
    prices[row]! += weight * price[row]!;
    all[row]! += weight * (price[row]! + AMOUNT_WEIGHT * amount[row]!);
  }
}
