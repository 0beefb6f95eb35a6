import type { OrderBook } from "./order-book.js";
import type { SnapshotBook } from "./snapshot-book.js";

/** A book that rows of its source can be applied to. */
export type Book = OrderBook | SnapshotBook;
