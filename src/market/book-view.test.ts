import fc from "fast-check";
import { expect, test } from "vitest";
import type { BookView } from "./book-view.js";
import { OrderBook } from "./order-book.js";
import { SnapshotBook } from "./snapshot-book.js";
import { bookRows, snapshotColumns } from "./test-snapshots.js";

const change = fc.record({
  side: fc.constantFrom<1 | -1>(1, -1),
  // Mostly on a grid near each other, seldom far away or on none: both have a place of their own in a book.
  price: fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 500, max: 560 }).map((ticks) => ticks / 10) },
    { weight: 1, arbitrary: fc.double({ min: 1, max: 1e4, noNaN: true }) },
  ),
  amount: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 100, noNaN: true })),
});

const topOf = (book: BookView, levels: number): Float64Array => {
  const top = new Float64Array(6);
  book.readTop(levels, top);
  return top;
};

const partsOf = (book: BookView, levels: number): Float64Array =>
  Float64Array.of(
    ...[book.bidPrice(), book.bidAmount(), book.bidDepth(levels)],
    ...[book.askPrice(), book.askAmount(), book.askDepth(levels)],
  );

test("the top of a book is what its parts are, also after each of many changes, and of few levels or none", () => {
  const levels = fc.integer({ min: 0, max: 30 });
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 300, size: "max" }),
      levels,
      (list, n) => {
        const changes = {
          localTimestampUs: Float64Array.from(list, (_, i) => i),
          timestampUs: Float64Array.from(list, (_, i) => i),
          isSnapshot: Uint8Array.from(list, (_, i) => (i === 0 ? 1 : 0)),
          side: Int8Array.from(list, (row) => row.side),
          price: Float64Array.from(list, (row) => row.price),
          amount: Float64Array.from(list, (row) => row.amount),
        };
        const book = new OrderBook();
        list.forEach((_, i) => {
          book.apply(changes, i, i + 1);
          expect(topOf(book, n)).toEqual(partsOf(book, n));
        });
        const shown = new SnapshotBook("book_snapshot_5");
        const rows = snapshotColumns(bookRows(changes, 5), 5);
        list.forEach((_, i) => {
          shown.apply(rows, i);
          expect(topOf(shown, n)).toEqual(partsOf(shown, n));
        });
      },
    ),
    { seed: 6, numRuns: 60, endOnFailure: true },
  );
});
