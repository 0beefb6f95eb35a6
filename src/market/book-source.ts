import { DataError } from "../core/errors.js";

/** Kind of data that a book's states come from; features made from one kind are never mixed with another's. */
export type BookSource = "incremental_book_L2" | "book_snapshot_25" | "book_snapshot_5";

/** A kind whose rows are whole states, of so many levels a side. */
export type SnapshotSource = Exclude<BookSource, "incremental_book_L2">;

/** All kinds, from the richest to the poorest. */
export const BOOK_SOURCES: readonly BookSource[] = [
  "incremental_book_L2",
  "book_snapshot_25",
  "book_snapshot_5",
];

const SHOWN: Readonly<Record<BookSource, number>> = {
  incremental_book_L2: Number.POSITIVE_INFINITY,
  book_snapshot_25: 25,
  book_snapshot_5: 5,
};

/** Levels of each side that a source shows at most; Infinity where it shows all that there are. */
export function shownLevels(source: BookSource): number {
  return SHOWN[source];
}

/**
 * Checks that a saved book goes on in one of its own source.
 *
 * @throws {DataError} it does not
 */
export function requireSource(saved: BookSource, own: BookSource): void {
  if (saved === own) return;
  throw new DataError({
    message: `the saved book was made from ${saved}, expected ${own}`,
    fix: "compute from an earlier day on, without that state",
  });
}
