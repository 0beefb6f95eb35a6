import { readBookChanges, type SymbolDay } from "../store/read.js";
import { readSnapshots } from "../store/read-snapshots.js";
import type { Store } from "../store/store.js";
import type { BatchOptions } from "../store/table-batches.js";
import type { BookChanges, BookSnapshots } from "../store/tables.js";
import { type BookSource, shownLevels } from "./book-source.js";
import type { MarketSources } from "./event-cursors.js";

/** What a replay makes a book from. */
export type BookEvents = Pick<MarketSources, "bookChanges" | "bookSnapshots">;

/** A day's events of a book, by the name under which a replay takes them. */
interface StoredBookEvents {
  readonly bookChanges?: AsyncGenerator<BookChanges>;
  readonly bookSnapshots?: AsyncGenerator<BookSnapshots>;
}

/**
 * A day's events of one kind of book.
 *
 * @throws {DataError} when read, where the partition is missing or damaged
 */
export function bookEvents(
  store: Store,
  day: SymbolDay,
  source: BookSource,
  options: BatchOptions = {},
): StoredBookEvents {
  if (source === "incremental_book_L2") {
    return { bookChanges: readBookChanges(store, day, options) };
  }
  const depth = shownLevels(source) as 5 | 25;
  return { bookSnapshots: readSnapshots(store, day, { depth, ...options }) };
}
