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

/** Trades with the exchange's ids; `""` where there is none. */
export interface IdentifiedTrades extends Trades {
  readonly id: readonly string[];
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

/** The best levels of a book at a time, by level: `bidPrice[0]` holds the best bids; a level that is empty is NaN. */
export interface BookSnapshots {
  readonly localTimestampUs: Float64Array;
  readonly timestampUs: Float64Array;
  readonly bidPrice: readonly Float64Array[];
  readonly bidAmount: readonly Float64Array[];
  readonly askPrice: readonly Float64Array[];
  readonly askAmount: readonly Float64Array[];
}

/** What an exchange says of a derivative; rates are ratios, open interest is in the exchange's unit, unknown is NaN. */
export interface DerivativeTicker {
  readonly localTimestampUs: Float64Array;
  readonly timestampUs: Float64Array;
  readonly fundingTimestampUs: Float64Array;
  readonly fundingRate: Float64Array;
  readonly predictedFundingRate: Float64Array;
  readonly openInterest: Float64Array;
  readonly lastPrice: Float64Array;
  readonly indexPrice: Float64Array;
  readonly markPrice: Float64Array;
}

/** Candles of the trades in `[barStartUs, barEndUs)`; `volume` is in the base coin. */
export interface Candles {
  readonly barStartUs: Float64Array;
  readonly barEndUs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
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
