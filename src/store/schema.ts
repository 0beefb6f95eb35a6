import type { DataType } from "./tables.js";

/**
 * What a field of a vendor file may hold. `time`: µs since the epoch, not before `EARLIEST_US`. `text`: up to `LONGEST_TEXT` characters. `positive`, `nonNegative`, `number`: finite
 * numbers. `ratio`: in [0, 1]. A field that `isOptional` may be empty, which is NaN.
 */
export type FieldRule =
  | "time"
  | "positive"
  | "nonNegative"
  | "number"
  | "ratio"
  | "text"
  | "tradeSide"
  | "bookSide"
  | "flag";

/** A time before this, in 2001, was no market's: it is in ms or s. Those of a row itself lie near its day anyway. */
export const EARLIEST_US = 1e15;

/** Characters of a text at most: those of vendors are ids of a few dozen. */
export const LONGEST_TEXT = 256;

/** One column of a vendor file after `exchange` and `symbol`, under the vendor's name. */
export interface Field {
  readonly name: string;
  readonly rule: FieldRule;
  readonly isOptional: boolean;
}

/**
 * Columns of each data type, in the vendor's order, without the leading `exchange,symbol` (they name the partition).
 *
 * @see https://docs.tardis.dev/downloadable-csv-files
 */
export const SCHEMAS: Readonly<Record<DataType, readonly Field[]>> = {
  trades: [
    ...times(),
    field("id", "text"),
    field("side", "tradeSide"),
    field("price", "positive"),
    field("amount", "positive"),
  ],
  incremental_book_L2: [
    ...times(),
    field("is_snapshot", "flag"),
    field("side", "bookSide"),
    field("price", "positive"),
    field("amount", "nonNegative"),
  ],
  book_snapshot_5: [...times(), ...levels(5)],
  book_snapshot_25: [...times(), ...levels(25)],
  quotes: [
    ...times(),
    optional("ask_amount", "nonNegative"),
    optional("ask_price", "positive"),
    optional("bid_price", "positive"),
    optional("bid_amount", "nonNegative"),
  ],
  derivative_ticker: [
    ...times(),
    optional("funding_timestamp", "time"),
    optional("funding_rate", "number"),
    optional("predicted_funding_rate", "number"),
    optional("open_interest", "nonNegative"),
    optional("last_price", "positive"),
    optional("index_price", "positive"),
    optional("mark_price", "positive"),
  ],
  simulation_truth: [
    ...times(),
    optional("pressure", "number"),
    optional("volatility_bps", "nonNegative"),
    optional("filtered_pressure", "number"),
    ...[1, 5, 15, 30, 60].flatMap((minutes) => [
      optional(`oracle_up_${minutes}m`, "ratio"),
      optional(`attainable_up_${minutes}m`, "ratio"),
    ]),
  ],
};

/** Type of a field's column in Parquet, as DuckDB calls it. */
export function parquetType(rule: FieldRule): "BIGINT" | "DOUBLE" | "VARCHAR" | "BOOLEAN" {
  if (rule === "time") return "BIGINT";
  if (rule === "flag") return "BOOLEAN";
  return rule === "text" || rule === "tradeSide" || rule === "bookSide" ? "VARCHAR" : "DOUBLE";
}

function field(name: string, rule: FieldRule): Field {
  return { name, rule, isOptional: false };
}

function optional(name: string, rule: FieldRule): Field {
  return { name, rule, isOptional: true };
}

function times(): readonly Field[] {
  return [field("timestamp", "time"), field("local_timestamp", "time")];
}

function levels(depth: number): readonly Field[] {
  return Array.from({ length: depth }, (_, i) => [
    optional(`asks[${i}].price`, "positive"),
    optional(`asks[${i}].amount`, "nonNegative"),
    optional(`bids[${i}].price`, "positive"),
    optional(`bids[${i}].amount`, "nonNegative"),
  ]).flat();
}
