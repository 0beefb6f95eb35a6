/** Kind of data that a book's states come from; features made from one kind are never mixed with another's. */
export type BookSource = "incremental_book_L2" | "book_snapshot_25" | "book_snapshot_5";
