import { partitionFolder } from "./partition.js";
import { readSelected, type SymbolDay, TIMES } from "./read.js";
import type { Selected } from "./selected.js";
import type { Store } from "./store.js";

/** Ids of trades; NaN where a trade has none. */
export interface TradeIds {
  readonly localTimestampUs: Float64Array;
  readonly timestampUs: Float64Array;
  /** The id as a number; NaN where it is none, or has more than 53 bits. */
  readonly number: Float64Array;
  /** 53 bits of a hash of the id. */
  readonly hash: Float64Array;
}

const COLUMNS: readonly Selected[] = [
  ...TIMES,
  {
    name: "number",
    sql: "CASE WHEN TRY_CAST(id AS BIGINT) BETWEEN 0 AND 9007199254740991 THEN CAST(TRY_CAST(id AS BIGINT) AS DOUBLE) ELSE 'NaN' END",
    kind: "float64",
  },
  {
    name: "hash",
    sql: "CASE WHEN id <> '' THEN CAST(hash(id) >> 11 AS DOUBLE) ELSE 'NaN' END",
    kind: "float64",
  },
];

/**
 * Ids of a symbol's trades on a day in stored order, in batches of up to 131,072 rows.
 *
 * @throws {DataError} the partition is missing or damaged
 */
export function readTradeIds(store: Store, day: SymbolDay): AsyncGenerator<TradeIds> {
  return readSelected(store, partitionFolder({ ...day, type: "trades" }), COLUMNS);
}
