import { expect, test } from "vitest";
import { MINUTE_US } from "../core/time.js";
import { BAR_US, START_US, syntheticMarket } from "../features/test-market.js";
import { OrderBook } from "./order-book.js";
import { sampleBooks } from "./sample-books.js";
import { SampledBook } from "./sampled-book.js";
import { bookRows, snapshotColumns } from "./test-snapshots.js";

const BARS = 600;
const STALE_US = 10 * BAR_US;
const { bookChanges } = syntheticMarket(3, BARS);
/** Each bar's end, and half a bar later. */
const TIMES = Float64Array.from({ length: 2 * BARS }, (_, i) => START_US + (1 + i / 2) * BAR_US);
const LAST_US = bookChanges.localTimestampUs.at(-1)!;

/** The levels of one side, best first. */
function levelsOf(book: SampledBook | OrderBook, side: "bid" | "ask", levels: number) {
  const count = Math.min(levels, side === "bid" ? book.bidLevels : book.askLevels);
  return Array.from({ length: count }, (_, i) =>
    side === "bid" ? [book.bidPrice(i), book.bidAmount(i)] : [book.askPrice(i), book.askAmount(i)],
  );
}

test("each is the top of a book that all changes up to its time were applied to, if it is valid then", async () => {
  const sampled = new SampledBook(
    await sampleBooks(TIMES, [{ bookChanges: [bookChanges] }], {
      levels: 7,
      staleAfterUs: STALE_US,
    }),
  );
  const times = bookChanges.localTimestampUs;
  const book = new OrderBook();
  let known = 0;
  let next = 0;
  TIMES.forEach((time, i) => {
    while (next < times.length && times[next]! <= time) {
      let end = next;
      while (times[end] === times[next]) end++;
      book.apply(bookChanges, next, end);
      next = end;
    }
    const isKnown = time < LAST_US && book.isValidAt(time, STALE_US);
    sampled.at(i);
    for (const side of ["bid", "ask"] as const) {
      expect(levelsOf(sampled, side, 99)).toEqual(isKnown ? levelsOf(book, side, 7) : []);
    }
    expect(sampled.mid()).toBe(isKnown ? book.mid() : Number.NaN);
    known += Number(isKnown);
  });
  expect(known).toBeGreaterThan(BARS);
  expect(known).toBeLessThan(2 * BARS);
});

test("snapshots of five levels give the same books, cut to five", async () => {
  const options = { staleAfterUs: STALE_US };
  const rows = bookRows(bookChanges, 5);
  const bookSnapshots = [snapshotColumns(rows, 5)];
  const shown = await sampleBooks(TIMES, [{ bookSnapshots }], {
    ...options,
    source: "book_snapshot_5",
  });
  const deep = await sampleBooks(TIMES, [{ bookChanges: [bookChanges] }], {
    ...options,
    levels: 5,
  });
  expect(shown).toEqual(deep);
});

test("a book that is not there has neither levels nor prices", async () => {
  const books = await sampleBooks(Float64Array.of(START_US - MINUTE_US), [
    { bookChanges: [bookChanges] },
  ]);
  const sampled = new SampledBook(books);
  for (const place of [0, -1]) {
    const book = sampled.at(place);
    expect([book.bidLevels, book.askLevels]).toEqual([0, 0]);
    expect([book.bidPrice(), book.askAmount(), book.mid()]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  }
});
