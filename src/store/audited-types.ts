/** Types of data that are audited, in the order they are told of. */
export const AUDITED_TYPES = [
  "trades",
  "incremental_book_L2",
  "quotes",
  "book_snapshot_25",
  "book_snapshot_5",
  "derivative_ticker",
  "candles",
] as const;

/** A type of data that is audited. */
export type AuditedType = (typeof AUDITED_TYPES)[number];
