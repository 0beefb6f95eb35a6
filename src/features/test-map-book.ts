// For tests only: a book rebuilt in Maps that are looked through from end to end after each arrival time.
import type { BookRow, Levels } from "../market/test-snapshots.js";
import type { BookChanges } from "../store/tables.js";

/** The best levels of a side, found one by one their place among the best so far. */
function best(book: ReadonlyMap<number, number>, sign: 1 | -1, levels: number): Levels {
  const found: (readonly [price: number, amount: number])[] = [];
  for (const [price, amount] of book) {
    if (found.length === levels && sign * price < sign * found[levels - 1]![0]) continue;
    const worse = found.findIndex(([other]) => sign * other < sign * price);
    found.splice(worse < 0 ? found.length : worse, 0, [price, amount]);
    if (found.length > levels) found.pop();
  }
  return found;
}

/**
 * The best levels after every arrival time, from the first snapshot on. A snapshot replaces the book, and changes that
 * arrive with it are applied to it.
 */
export function mapBookStates(changes: BookChanges, levels = 20): BookRow[] {
  const { localTimestampUs: times, isSnapshot, side, price, amount } = changes;
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  const states: BookRow[] = [];
  let snapshotUs = Number.NaN;
  for (let i = 0; i < price.length; i++) {
    const timeUs = times[i]!;
    if (isSnapshot[i] === 1 && snapshotUs !== timeUs) {
      bids.clear();
      asks.clear();
      snapshotUs = timeUs;
    }
    if (Number.isNaN(snapshotUs)) continue;
    const book = side[i] === 1 ? bids : asks;
    if (amount[i] === 0) book.delete(price[i]!);
    else book.set(price[i]!, amount[i]!);
    if (timeUs === times[i + 1]) continue;
    states.push({
      timeUs,
      isSnapshot: snapshotUs === timeUs,
      bids: best(bids, 1, levels),
      asks: best(asks, -1, levels),
    });
  }
  return states;
}
