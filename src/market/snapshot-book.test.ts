import fc from "fast-check";
import { expect, test } from "vitest";
import type { BookView } from "./book-view.js";
import { OrderBook } from "./order-book.js";
import { SnapshotBook } from "./snapshot-book.js";
import { type BookRow, bookRows, snapshotColumns } from "./test-snapshots.js";

const ROW: BookRow = {
  timeUs: 1e6,
  bids: [
    [100, 4],
    [99, 3],
  ],
  asks: [[102, 2]],
};

/** A book of five levels in the state of the last of some rows. */
const bookOf = (...rows: readonly BookRow[]): SnapshotBook => {
  const book = new SnapshotBook("book_snapshot_5");
  const columns = snapshotColumns(rows, 5);
  rows.forEach((_, row) => {
    book.apply(columns, row);
  });
  return book;
};

/** Everything that can be read of a book, two levels beyond its last. */
const readingOf = (book: BookView, levels: number): unknown => ({
  best: [book.bidPrice(), book.bidAmount(), book.askPrice(), book.askAmount()],
  bids: Array.from({ length: levels + 2 }, (_, i) => [book.bidPrice(i), book.bidAmount(i)]),
  asks: Array.from({ length: levels + 2 }, (_, i) => [book.askPrice(i), book.askAmount(i)]),
  sizes: [Math.min(levels, book.bidLevels), Math.min(levels, book.askLevels)],
  depths: [0, 1, 3, levels].map((n) => [book.bidDepth(n), book.askDepth(n)]),
  mid: book.mid(),
  isOrdered: book.isOrdered(),
  lastEventUs: book.lastEventUs,
  valid: [0, 6e7, 6e7 + 1].map((age) => book.isValidAt(book.lastEventUs + age)),
});

test("the best levels of any book of changes, as a snapshot, read as that book reads", () => {
  const side = fc.constantFrom<1 | -1>(1, -1);
  const change = fc.record({
    side,
    price: fc.integer({ min: 1, max: 40 }).map((ticks) => ticks * 0.1),
    amount: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 100, noNaN: true })),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 60 }), (list) => {
      const changes = {
        localTimestampUs: new Float64Array(list.length).fill(7e6),
        timestampUs: new Float64Array(list.length).fill(7e6),
        isSnapshot: new Uint8Array(list.length).fill(1),
        side: Int8Array.from(list, (row) => row.side),
        price: Float64Array.from(list, (row) => row.price),
        amount: Float64Array.from(list, (row) => row.amount),
      };
      const rebuilt = new OrderBook();
      rebuilt.apply(changes, 0, list.length);
      const shown = new SnapshotBook("book_snapshot_25");
      shown.apply(snapshotColumns(bookRows(changes, 25), 25), 0);
      // Beyond the 25th level the rebuilt book goes on.
      const levels = Math.min(23, Math.max(rebuilt.bidLevels, rebuilt.askLevels));
      expect(readingOf(shown, levels)).toEqual(readingOf(rebuilt, levels));
    }),
    { seed: 11, numRuns: 300 },
  );
});

test("every row is an ordinary state in place of the one before; before the first there is none", () => {
  const book = new SnapshotBook("book_snapshot_5");
  expect([book.hasSnapshot, book.lastEventUs, book.isValidAt(0)]).toEqual([
    false,
    Number.NEGATIVE_INFINITY,
    false,
  ]);
  const later = bookOf(ROW, { timeUs: 2e6, bids: [[90, 1]], asks: [[91, 5]] });
  expect([later.hasSnapshot, later.isSnapshot, later.source]).toEqual([
    true,
    false,
    "book_snapshot_5",
  ]);
  expect([later.bidLevels, later.bidPrice(), later.bidPrice(1), later.lastEventUs]).toEqual([
    1,
    90,
    Number.NaN,
    2e6,
  ]);
});

test("empty levels and levels of amount 0 are none, wherever they stand; an unknown amount stays unknown", () => {
  const none = [Number.NaN, Number.NaN] as const;
  const book = bookOf({
    timeUs: 1e6,
    bids: [none, [100, 0], [99, 3], none, [98, 1]],
    asks: [
      [102, Number.NaN],
      [103, 2],
    ],
  });
  expect([book.bidLevels, book.bidPrice(), book.bidPrice(1), book.bidDepth(5)]).toEqual([
    2, 99, 98, 4,
  ]);
  expect([book.askLevels, book.mid(), book.askAmount(), book.askDepth(2)]).toEqual([
    2,
    (99 + 102) / 2,
    Number.NaN,
    Number.NaN,
  ]);
});

test("a book with an empty side, or whose best bid is not below the best ask, is not valid", () => {
  const valid = (bids: BookRow["bids"], asks: BookRow["asks"]): boolean =>
    bookOf({ timeUs: 1e6, bids, asks }).isValidAt(1e6);
  expect(valid([[100, 4]], [[102, 2]])).toBe(true);
  expect(valid([], [[102, 2]])).toBe(false);
  expect(valid([[100, 4]], [])).toBe(false);
  expect(valid([], [])).toBe(false);
  expect(valid([[102, 4]], [[102, 2]])).toBe(false);
  expect(valid([[103, 4]], [[102, 2]])).toBe(false);
  expect(bookOf({ timeUs: 1e6, bids: [], asks: [[102, 2]] }).mid()).toBe(Number.NaN);
});

test("a saved book comes back with the same bits and goes on alike", () => {
  const book = bookOf(ROW, {
    timeUs: 3e6,
    bids: [
      [0.1 + 0.2, 1 / 3],
      [0.1, Number.NaN],
    ],
    asks: [[5e-324, 1e300]],
  });
  const copy = new SnapshotBook("book_snapshot_5");
  copy.restore(JSON.parse(JSON.stringify(book.save())));
  expect(copy.save()).toEqual(book.save());
  expect(readingOf(copy, 5)).toEqual(readingOf(book, 5));
  const fresh = new SnapshotBook("book_snapshot_5");
  copy.restore(JSON.parse(JSON.stringify(fresh.save())));
  expect([copy.hasSnapshot, copy.bidLevels, copy.lastEventUs]).toEqual([
    false,
    0,
    Number.NEGATIVE_INFINITY,
  ]);
});

test("a saved book of another source is refused: what comes next would be mixed with it", () => {
  const books = [new OrderBook(), new SnapshotBook("book_snapshot_25"), bookOf(ROW)];
  for (const saved of books) {
    for (const book of books) {
      if (book === saved) book.restore(saved.save());
      else expect(() => book.restore(saved.save())).toThrow(`made from ${saved.source}, expected`);
    }
  }
});

test("the batch may change after a row was applied", () => {
  const columns = snapshotColumns([ROW], 5);
  const book = new SnapshotBook("book_snapshot_5");
  book.apply(columns, 0);
  columns.bidPrice[0]!.fill(1);
  columns.bidAmount[1]!.fill(1);
  expect([book.bidPrice(), book.bidAmount(1)]).toEqual([100, 3]);
});

test("rows of another depth than the source's are refused: their states would be another source's", () => {
  const book = new SnapshotBook("book_snapshot_5");
  expect(() => book.apply(snapshotColumns([ROW], 25), 0)).toThrow(/25 levels.*expected 5/);
  const deep = new SnapshotBook("book_snapshot_25");
  expect(() => deep.apply(snapshotColumns([ROW], 5), 0)).toThrow(/5 levels.*expected 25/);
});
