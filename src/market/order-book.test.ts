import fc from "fast-check";
import { expect, test } from "vitest";
import { numbersToText, textToNumbers } from "../core/exact-numbers.js";
import type { BookChanges } from "../store/tables.js";
import { OrderBook } from "./order-book.js";

interface Row {
  readonly timeUs: number;
  readonly isSnapshot: boolean;
  readonly side: 1 | -1;
  readonly price: number;
  readonly amount: number;
}

const toChanges = (rows: readonly Row[]): BookChanges => ({
  localTimestampUs: Float64Array.from(rows, (row) => row.timeUs),
  timestampUs: Float64Array.from(rows, (row) => row.timeUs),
  isSnapshot: Uint8Array.from(rows, (row) => (row.isSnapshot ? 1 : 0)),
  side: Int8Array.from(rows, (row) => row.side),
  price: Float64Array.from(rows, (row) => row.price),
  amount: Float64Array.from(rows, (row) => row.amount),
});

const arbitraryRow = fc.record({
  timeUs: fc.constant(0),
  isSnapshot: fc.boolean(),
  side: fc.constantFrom<1 | -1>(1, -1),
  price: fc.integer({ min: 1, max: 400 }).map((ticks) => ticks * 0.1),
  amount: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 100, noNaN: true })),
});

/** The same rules on a plain Map, sorted anew for every look. */
function plainBook(rows: readonly Row[]): { bids: number[][]; asks: number[][] } {
  const sides = { 1: new Map<number, number>(), [-1]: new Map<number, number>() };
  let wasSnapshot = false;
  let hasBegun = false;
  for (const { isSnapshot, side, price, amount } of rows) {
    if (isSnapshot && !wasSnapshot) for (const levels of Object.values(sides)) levels.clear();
    hasBegun ||= isSnapshot;
    wasSnapshot = isSnapshot;
    if (!hasBegun) continue;
    if (amount === 0) sides[side].delete(price);
    else sides[side].set(price, amount);
  }
  return {
    bids: [...sides[1]].sort(([a], [b]) => b - a),
    asks: [...sides[-1]].sort(([a], [b]) => a - b),
  };
}

const levelsOf = (book: OrderBook): { bids: number[][]; asks: number[][] } => ({
  bids: Array.from({ length: book.bidLevels }, (_, i) => [book.bidPrice(i), book.bidAmount(i)]),
  asks: Array.from({ length: book.askLevels }, (_, i) => [book.askPrice(i), book.askAmount(i)]),
});

test("any rows leave the levels that a plain Map holds, price for price and amount for amount", () => {
  fc.assert(
    fc.property(fc.array(arbitraryRow, { maxLength: 900, size: "max" }), (rows) => {
      const book = new OrderBook();
      book.apply(toChanges(rows), 0, rows.length);
      expect(levelsOf(book)).toEqual(plainBook(rows));
    }),
    { seed: 1, numRuns: 150 },
  );
});

test("a book of long runs without snapshots equals the Map too, and so does its saved copy, bit for bit", () => {
  const rows = fc.sample(fc.array(arbitraryRow, { minLength: 20_000, maxLength: 20_000 }), {
    seed: 2,
    numRuns: 1,
  })[0]!;
  const deep = rows.map((row, i) => ({
    ...row,
    isSnapshot: i < 5,
    price: row.price + (i % 7) * 40,
  }));
  const book = new OrderBook();
  book.apply(toChanges(deep), 0, deep.length);
  const copy = new OrderBook();
  copy.restore(JSON.parse(JSON.stringify(book.save())));
  expect(book.bidLevels).toBeGreaterThan(500);
  expect(levelsOf(book)).toEqual(plainBook(deep));
  expect(levelsOf(copy)).toEqual(levelsOf(book));
  expect(copy.save()).toEqual(book.save());
  expect(book.bidDepth(5)).toBe([0, 1, 2, 3, 4].reduce((sum, i) => sum + book.bidAmount(i), 0));
  expect(book.askDepth(1e6)).toBeGreaterThan(book.askDepth(20));
});

const row = (
  timeUs: number,
  side: 1 | -1,
  price: number,
  amount: number,
  isSnapshot = false,
): Row => ({ timeUs, side, price, amount, isSnapshot });

test("rows before the first snapshot are skipped, and a new snapshot replaces the whole book", () => {
  const changes = toChanges([
    row(1, 1, 99, 1),
    row(2, 1, 100, 1, true),
    row(2, -1, 101, 1, true),
    row(3, 1, 99.5, 2),
    row(4, 1, 90, 1, true),
    row(4, -1, 91, 1, true),
  ]);
  const book = new OrderBook();
  book.apply(changes, 0, 1);
  expect([book.hasSnapshot, book.bidLevels, book.lastEventUs]).toEqual([
    false,
    0,
    Number.NEGATIVE_INFINITY,
  ]);
  book.apply(changes, 1, 2);
  book.apply(changes, 2, 3);
  expect([book.isSnapshot, book.bidLevels, book.askLevels]).toEqual([true, 1, 1]);
  book.apply(changes, 3, 4);
  expect([book.isSnapshot, book.bidLevels]).toEqual([false, 2]);
  book.apply(changes, 4, 6);
  expect(levelsOf(book)).toEqual({ bids: [[90, 1]], asks: [[91, 1]] });
});

test("a snapshot that arrives after another replaces it: some venues send nothing else", () => {
  const book = new OrderBook();
  const snapshot = (timeUs: number, ...prices: readonly number[]) => {
    const rows = prices.length;
    const changes = {
      localTimestampUs: new Float64Array(rows).fill(timeUs),
      timestampUs: new Float64Array(rows).fill(timeUs),
      isSnapshot: new Uint8Array(rows).fill(1),
      side: Int8Array.from(prices, (_, i) => (i === 0 ? 1 : -1)),
      price: Float64Array.from(prices),
      amount: new Float64Array(rows).fill(2),
    };
    // A message's rows may come in two batches.
    book.apply(changes, 0, 1);
    book.apply(changes, 1, rows);
  };
  snapshot(1000, 100, 101, 102);
  expect([book.bidLevels, book.askLevels]).toEqual([1, 2]);
  snapshot(2000, 97, 98);
  expect([book.bidPrice(), book.askPrice(), book.bidLevels, book.askLevels]).toEqual([
    97, 98, 1, 1,
  ]);
});

test("a book is valid with a snapshot, two sides, bid below ask, and a last event at most staleAfter old", () => {
  const changes = toChanges([
    row(1e6, 1, 100, 1, true),
    row(1e6, -1, 101, 1, true),
    row(2e6, 1, 101, 1),
    row(3e6, 1, 101, 0),
    row(4e6, -1, 101, 0),
  ]);
  const book = new OrderBook();
  expect(book.isValidAt(0)).toBe(false);
  book.apply(changes, 0, 1);
  expect(book.isValidAt(1e6)).toBe(false);
  book.apply(changes, 1, 2);
  expect(book.mid()).toBe(100.5);
  expect([book.isValidAt(61e6), book.isValidAt(61e6 + 1), book.isValidAt(3e6, 1e6)]).toEqual([
    true,
    false,
    false,
  ]);
  book.apply(changes, 2, 3);
  expect(book.isValidAt(2e6)).toBe(false);
  book.apply(changes, 3, 4);
  expect(book.isValidAt(3e6)).toBe(true);
  book.apply(changes, 4, 5);
  expect([book.isValidAt(4e6), book.mid()]).toEqual([false, Number.NaN]);
});

test("saved numbers come back with the same bits: NaN, −0, the smallest and the largest", () => {
  const numbers = [Number.NaN, -0, 0, 5e-324, Number.MAX_VALUE, -1 / 3, Number.POSITIVE_INFINITY];
  expect([...textToNumbers(numbersToText(numbers))].every((x, i) => Object.is(x, numbers[i]))).toBe(
    true,
  );
  expect(() => textToNumbers("AAAA")).toThrow(/expected a multiple of 8/);
});
