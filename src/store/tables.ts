/**
 * What the columns of each data type look like in memory. Times are µs since the epoch, UTC; rows are in arrival order;
 * all columns of a table have the same length.
 */

/** Trades; `side` is the aggressor's: 1 buy, −1 sell, 0 unknown. */
export interface Trades {
  readonly localTimestampUs: Float64Array;
  readonly timestampUs: Float64Array;
  readonly side: Int8Array;
  readonly price: Float64Array;
  readonly amount: Float64Array;
}

/** Changes of a price level; `side` 1 bid, −1 ask; `amount` is absolute and 0 deletes the level; `isSnapshot` 1 or 0. */
export interface BookChanges {
  readonly localTimestampUs: Float64Array;
  readonly timestampUs: Float64Array;
  readonly isSnapshot: Uint8Array;
  readonly side: Int8Array;
  readonly price: Float64Array;
  readonly amount: Float64Array;
}

/** Best bid and ask; an empty side is NaN. */
export interface Quotes {
  readonly localTimestampUs: Float64Array;
  readonly timestampUs: Float64Array;
  readonly bidPrice: Float64Array;
  readonly bidAmount: Float64Array;
  readonly askPrice: Float64Array;
  readonly askAmount: Float64Array;
}

/** Kinds of data the store holds, named as the vendor names them; `simulation_truth` is the simulator's own. */
export const DATA_TYPES = [
  "trades",
  "incremental_book_L2",
  "book_snapshot_5",
  "book_snapshot_25",
  "quotes",
  "derivative_ticker",
  "simulation_truth",
] as const;

/** One kind of data. */
export type DataType = (typeof DATA_TYPES)[number];

/** What names a partition: one type of one symbol on one UTC day (of arrival time). */
export interface PartitionKey {
  readonly type: DataType;
  readonly exchange: string;
  readonly symbol: string;
  /** `yyyy-mm-dd` */
  readonly date: string;
}
