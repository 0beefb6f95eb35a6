// For tests only: snapshots of a book as columns, from rows or from the states of a book of changes.
import type { BookChanges, BookSnapshots } from "../store/tables.js";
import { OrderBook } from "./order-book.js";

/** Levels of one side, best first. */
export type Levels = readonly (readonly [price: number, amount: number])[];

/** A whole book at a time. */
export interface BookRow {
  readonly timeUs: number;
  /** True when it came as a snapshot in a stream of changes. */
  readonly isSnapshot?: boolean;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** Snapshots of so many levels from rows; levels that a row does not have are NaN. */
export function snapshotColumns(rows: readonly BookRow[], levels: number): BookSnapshots {
  const column = (side: "bids" | "asks", field: 0 | 1): Float64Array[] =>
    Array.from({ length: levels }, (_, level) =>
      Float64Array.from(rows, (row) => row[side][level]?.[field] ?? Number.NaN),
    );
  return {
    localTimestampUs: Float64Array.from(rows, ({ timeUs }) => timeUs),
    timestampUs: Float64Array.from(rows, ({ timeUs }) => timeUs - 5000),
    bidPrice: column("bids", 0),
    bidAmount: column("bids", 1),
    askPrice: column("asks", 0),
    askAmount: column("asks", 1),
  };
}

/** The best levels of a book of changes after each arrival time. */
export function bookRows(changes: BookChanges, levels: number): readonly BookRow[] {
  const times = changes.localTimestampUs;
  const book = new OrderBook();
  const rows: BookRow[] = [];
  for (let from = 0, to = 0; from < times.length; from = to) {
    while (times[to] === times[from]) to++;
    book.apply(changes, from, to);
    if (!book.hasSnapshot) continue;
    const [bids, asks] = [Math.min(levels, book.bidLevels), Math.min(levels, book.askLevels)];
    rows.push({
      timeUs: times[from]!,
      isSnapshot: book.isSnapshot,
      bids: Array.from({ length: bids }, (_, i) => [book.bidPrice(i), book.bidAmount(i)] as const),
      asks: Array.from({ length: asks }, (_, i) => [book.askPrice(i), book.askAmount(i)] as const),
    });
  }
  return rows;
}

/** A copy of snapshots with only the rows from one to before another. */
export function sliceSnapshots(
  snapshots: BookSnapshots,
  from: number,
  to: number = snapshots.localTimestampUs.length,
): BookSnapshots {
  const cut = (column: Float64Array): Float64Array => column.slice(from, to);
  return {
    localTimestampUs: cut(snapshots.localTimestampUs),
    timestampUs: cut(snapshots.timestampUs),
    bidPrice: snapshots.bidPrice.map(cut),
    bidAmount: snapshots.bidAmount.map(cut),
    askPrice: snapshots.askPrice.map(cut),
    askAmount: snapshots.askAmount.map(cut),
  };
}
