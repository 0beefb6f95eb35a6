import fc from "fast-check";
import { expect, test } from "vitest";
import { OrderBook } from "../../market/order-book.js";
import type { BookSnapshots } from "../../store/tables.js";
import { BookSums, snapshotSums } from "./level-sums.js";

const DEPTH = 5;

const side = fc.uniqueArray(
  fc.tuple(fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 9999 })),
  { selector: ([tick]) => tick, minLength: 1, maxLength: 9 },
);

/** Levels from the best on: bids fall from 100, asks rise from 100. */
const levels = (ticks: readonly (readonly [number, number])[], sign: 1 | -1) =>
  [...ticks]
    .sort((a, b) => a[0] - b[0])
    .map(([tick, lots]) => [100 + (sign * tick) / 100, lots / 1000] as const);

function bookOf(bids: readonly (readonly [number, number])[], asks: typeof bids): OrderBook {
  const all = [...bids, ...asks];
  const book = new OrderBook();
  const rows = {
    localTimestampUs: new Float64Array(all.length).fill(1),
    timestampUs: new Float64Array(all.length).fill(1),
    isSnapshot: new Uint8Array(all.length).fill(1),
    side: Int8Array.from(all, (_, i) => (i < bids.length ? 1 : -1)),
    price: Float64Array.from(all, ([price]) => price),
    amount: Float64Array.from(all, ([, amount]) => amount),
  };
  book.apply(rows, 0, all.length);
  return book;
}

function snapshotOf(
  bids: readonly (readonly [number, number])[],
  asks: typeof bids,
): BookSnapshots {
  const columns = (of: typeof bids, part: 0 | 1) =>
    Array.from({ length: DEPTH }, (_, i) => Float64Array.of(of[i]?.[part] ?? Number.NaN));
  return {
    localTimestampUs: Float64Array.of(1),
    timestampUs: Float64Array.of(1),
    bidPrice: columns(bids, 0),
    bidAmount: columns(bids, 1),
    askPrice: columns(asks, 0),
    askAmount: columns(asks, 1),
  };
}

test("a book and a snapshot of its best levels have the same sums to the bit, and no others have", () => {
  fc.assert(
    fc.property(side, side, fc.nat(), (bidTicks, askTicks, pick) => {
      const [bids, asks] = [levels(bidTicks, -1), levels(askTicks, 1)];
      const sums = new BookSums([2, DEPTH, 7]).read(bookOf(bids, asks));
      const [prices, all] = [sums.prices[1]!, sums.all[1]!];
      const alone = new BookSums([DEPTH]).read(bookOf(bids, asks));
      expect([alone.prices[0], alone.all[0]]).toEqual([prices, all]);
      const same = snapshotSums(snapshotOf(bids, asks), DEPTH);
      expect([same.prices[0], same.all[0]]).toEqual([prices, all]);
      const at = pick % Math.min(DEPTH, bids.length);
      const more = bids.map(
        ([price, amount], i) => [price, amount + (i === at ? 0.001 : 0)] as const,
      );
      const other = snapshotSums(snapshotOf(more, asks), DEPTH);
      expect(other.prices[0]).toBe(prices);
      expect(other.all[0]).not.toBe(all);
      const fewer = bids.filter((_, i) => i !== at);
      expect(snapshotSums(snapshotOf(fewer, asks), DEPTH).prices[0]).not.toBe(prices);
    }),
    { seed: 14, numRuns: 300 },
  );
});
