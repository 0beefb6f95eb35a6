import type { OrderBook } from "../market/order-book.js";

/** Price levels of one book at one time, best first. */
export interface Ladder {
  readonly timeUs: number;
  readonly bidPrice: Float64Array;
  readonly bidAmount: Float64Array;
  readonly askPrice: Float64Array;
  readonly askAmount: Float64Array;
}

/** Depth of one side, from the best level outwards. */
export interface CumulativeDepth {
  /** How far each level's price is from the mid, bps. */
  readonly distanceBps: Float64Array;
  /** Value of all levels up to it, price × amount summed, in quote currency. */
  readonly value: Float64Array;
}

/** All levels of a book. */
export function ladderOf(book: OrderBook, timeUs: number): Ladder {
  const side = (levels: number, value: (i: number) => number): Float64Array =>
    Float64Array.from({ length: levels }, (_, i) => value(i));
  return {
    timeUs,
    bidPrice: side(book.bidLevels, (i) => book.bidPrice(i)),
    bidAmount: side(book.bidLevels, (i) => book.bidAmount(i)),
    askPrice: side(book.askLevels, (i) => book.askPrice(i)),
    askAmount: side(book.askLevels, (i) => book.askAmount(i)),
  };
}

/** Mean of a ladder's best prices. */
export function ladderMid({ bidPrice, askPrice }: Ladder): number {
  return (bidPrice[0]! + askPrice[0]!) / 2;
}

/** Depth of both sides, summed from the best level outwards. */
export function cumulativeDepth(ladder: Ladder): {
  readonly bid: CumulativeDepth;
  readonly ask: CumulativeDepth;
} {
  const mid = ladderMid(ladder);
  const side = (price: Float64Array, amount: Float64Array): CumulativeDepth => {
    let sum = 0;
    return {
      distanceBps: price.map((level) => (1e4 * Math.abs(level - mid)) / mid),
      value: price.map((level, i) => {
        sum += level * amount[i]!;
        return sum;
      }),
    };
  };
  return {
    bid: side(ladder.bidPrice, ladder.bidAmount),
    ask: side(ladder.askPrice, ladder.askAmount),
  };
}

/** Value of a side's levels that lie within a distance of the mid, in quote currency; 0 where there are none. */
export function depthWithin({ distanceBps, value }: CumulativeDepth, bps: number): number {
  const beyond = distanceBps.findIndex((distance) => distance > bps);
  return value[(beyond < 0 ? value.length : beyond) - 1] ?? 0;
}
