import type { OrderBook } from "../../market/order-book.js";
import type { BookSnapshots } from "../../store/tables.js";

/** Weights of the levels, bids first: irrational, so that other levels give other sums. */
const ASKS = 32;
const WEIGHTS: Float64Array = Float64Array.from({ length: 2 * ASKS }, (_, i) =>
  Math.sqrt(2 + i * i + i),
);
const AMOUNT_WEIGHT = Math.SQRT2;

/**
 * Sums that stand for the best levels of a book, of their prices alone and of prices and amounts: equal levels give equal
 * bits, whether they come from a book or from snapshots, and others hardly ever.
 */
export interface LevelSums {
  readonly prices: number;
  readonly all: number;
}

/**
 * The sums of a book's best levels.
 *
 * @param depth - levels of each side, at most 32
 */
export function bookSums(book: OrderBook, depth: number): LevelSums {
  let prices = 0;
  let all = 0;
  const bids = Math.min(depth, book.bidLevels);
  const asks = Math.min(depth, book.askLevels);
  for (let level = 0; level < bids; level++) {
    const weight = WEIGHTS[level]!;
    const price = book.bidPrice(level);
    prices += weight * price;
    all += weight * (price + AMOUNT_WEIGHT * book.bidAmount(level));
  }
  for (let level = 0; level < asks; level++) {
    const weight = WEIGHTS[ASKS + level]!;
    const price = book.askPrice(level);
    prices += weight * price;
    all += weight * (price + AMOUNT_WEIGHT * book.askAmount(level));
  }
  return { prices, all };
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
