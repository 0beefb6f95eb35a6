import type { BookSource } from "./book-source.js";
import { OrderBook } from "./order-book.js";
import { SnapshotBook } from "./snapshot-book.js";

/** A book that rows of its source can be applied to. */
export type Book = OrderBook | SnapshotBook;

/** An empty book for rows of a source. */
export function newBook(source: BookSource): Book {
  return source === "incremental_book_L2" ? new OrderBook() : new SnapshotBook(source);
}
