import fc from "fast-check";
import { expect, test } from "vitest";
import type { BookChanges, BookSnapshots } from "../store/tables.js";
import { newBook } from "./book.js";
import { MarketStream } from "./market-stream.js";
import { OrderBook } from "./order-book.js";
import { SnapshotBook } from "./snapshot-book.js";

interface Row {
  readonly isSnapshot: boolean;
  readonly isBid: boolean;
  readonly price: number;
  readonly amount: number;
}

/** Messages of rows; each has one arrival time, and some are snapshots. */
function messages(mayHoldSnapshots: boolean): fc.Arbitrary<readonly (readonly Row[])[]> {
  const row = fc.record({
    isBid: fc.boolean(),
    price: fc.integer({ min: 1, max: 20 }),
    amount: fc.integer({ min: 0, max: 3 }),
  });
  const isSnapshot = mayHoldSnapshots ? fc.boolean() : fc.constant(false);
  const message = fc.tuple(isSnapshot, fc.array(row, { minLength: 1, maxLength: 8 }));
  return fc.array(
    message.map(([whole, rows]) => rows.map((one) => ({ ...one, isSnapshot: whole }))),
    { maxLength: 8 },
  );
}

function columns(rows: readonly Row[], timeUs: number): BookChanges {
  return {
    localTimestampUs: new Float64Array(rows.length).fill(timeUs),
    timestampUs: new Float64Array(rows.length).fill(timeUs),
    isSnapshot: Uint8Array.from(rows, (row) => (row.isSnapshot ? 1 : 0)),
    side: Int8Array.from(rows, (row) => (row.isBid ? 1 : -1)),
    price: Float64Array.from(rows, (row) => row.price),
    amount: Float64Array.from(rows, (row) => row.amount),
  };
}

function apply(book: OrderBook, list: readonly (readonly Row[])[], fromUs: number): void {
  list.forEach((rows, i) => {
    book.apply(columns(rows, fromUs + i), 0, rows.length);
  });
}

test("a book that was reset is a new one, whatever it held and whatever comes after", () => {
  fc.assert(
    fc.property(messages(true), messages(true), fc.boolean(), (before, after, isSameTime) => {
      const used = new OrderBook();
      apply(used, before, 1000);
      used.reset();
      const fresh = new OrderBook();
      expect(used.save()).toEqual(fresh.save());
      // What comes next may have arrived at the very time of the last row before.
      const fromUs = isSameTime ? 1000 + Math.max(0, before.length - 1) : 2000;
      apply(used, after, fromUs);
      apply(fresh, after, fromUs);
      expect(used.save()).toEqual(fresh.save());
      expect(used.isValidAt(3000)).toBe(fresh.isValidAt(3000));
    }),
    { numRuns: 200, seed: 9 },
  );
});

test("a book that was reset ignores everything up to the next snapshot", () => {
  fc.assert(
    fc.property(messages(true), messages(false), (before, after) => {
      const book = new OrderBook();
      apply(book, [[snapshotRow(true), snapshotRow(false)], ...before], 1000);
      expect(book.hasSnapshot).toBe(true);
      book.reset();
      apply(book, after, 2000);
      expect([book.hasSnapshot, book.isValidAt(2000), book.bidLevels, book.askLevels]).toEqual([
        false,
        false,
        0,
        0,
      ]);
      expect(book.mid()).toBeNaN();
      apply(book, [[snapshotRow(true), snapshotRow(false)]], 3000);
      expect([book.isValidAt(3000), book.mid()]).toEqual([true, 10.5]);
    }),
    { numRuns: 100, seed: 10 },
  );
});

function snapshotRow(isBid: boolean): Row {
  return { isSnapshot: true, isBid, price: isBid ? 10 : 11, amount: 1 };
}

test("a book of snapshots that was reset has no state until the next one", () => {
  const book = newBook("book_snapshot_5") as SnapshotBook;
  const side = (first: number): Float64Array[] =>
    Array.from({ length: 5 }, (_, i) => Float64Array.of(first + i));
  const row: BookSnapshots = {
    localTimestampUs: Float64Array.of(1000),
    timestampUs: Float64Array.of(1000),
    bidPrice: side(10).reverse(),
    bidAmount: side(1),
    askPrice: side(20),
    askAmount: side(1),
  };
  book.apply(row, 0);
  expect([book.hasSnapshot, book.isValidAt(1000), book.mid()]).toEqual([true, true, 17]);
  book.reset();
  expect(book.save()).toEqual(new SnapshotBook("book_snapshot_5").save());
  expect([book.hasSnapshot, book.isValidAt(1000), book.bidLevels]).toEqual([false, false, 0]);
  book.apply(row, 0);
  expect([book.hasSnapshot, book.isValidAt(1000), book.mid()]).toEqual([true, true, 17]);
});

test("a lost connection tells the last state, and then none until the next snapshot", () => {
  const told: number[][] = [];
  const book = new OrderBook();
  const onBook = (localUs: number): void => {
    told.push([localUs, book.bidPrice()]);
  };
  const market = new MarketStream({ onTrade: () => undefined, onBook }, { book });
  const give = (timeUs: number, row: Row): void => {
    market.begin(timeUs);
    market.changes(book, columns([row], timeUs), 0, 1);
  };
  give(1, snapshotRow(true));
  give(2, { isSnapshot: false, isBid: true, price: 12, amount: 1 });
  market.lose();
  expect(told).toEqual([
    [1, 10],
    [2, 12],
  ]);
  give(3, { isSnapshot: false, isBid: true, price: 13, amount: 1 });
  give(4, snapshotRow(true));
  market.finish();
  expect(told.slice(2)).toEqual([[4, 10]]);
  expect(book.bidLevels).toBe(1);
});
