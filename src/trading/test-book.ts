// For tests only: a book of given levels.
import type { FillBook } from "./fill.js";

/** Levels of one side, best first. */
type Levels = readonly (readonly [price: number, amount: number])[];

/** A book that shows these levels. */
export function bookOf(bids: Levels, asks: Levels): FillBook {
  const at = (levels: Levels, i: number, field: 0 | 1): number => levels[i]?.[field] ?? Number.NaN;
  return {
    bidLevels: bids.length,
    askLevels: asks.length,
    bidPrice: (i = 0) => at(bids, i, 0),
    bidAmount: (i = 0) => at(bids, i, 1),
    askPrice: (i = 0) => at(asks, i, 0),
    askAmount: (i = 0) => at(asks, i, 1),
    mid: () => (at(bids, 0, 0) + at(asks, 0, 0)) / 2,
  };
}
