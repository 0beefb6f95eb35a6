/**
 * Stored columns of the audit's hourly verdicts, in order; times are the hours' starts. `reasons` are set apart by "; ", and
 * a semicolon inside one has a backslash before it.
 */
export const VERDICT_COLUMNS = [
  { name: "hour_start_us", type: "BIGINT" },
  { name: "type", type: "VARCHAR" },
  { name: "verdict", type: "VARCHAR" },
  { name: "reasons", type: "VARCHAR" },
  { name: "messages", type: "DOUBLE" },
  { name: "quotes_compared", type: "DOUBLE" },
  { name: "quote_prices_equal", type: "DOUBLE" },
  { name: "quote_all_equal", type: "DOUBLE" },
] as const;

/** Stored columns of the audit's findings, in order; `spans` is JSON of starts and ends in µs. */
export const FINDING_COLUMNS = [
  { name: "check_name", type: "VARCHAR" },
  { name: "type", type: "VARCHAR" },
  { name: "count", type: "DOUBLE" },
  { name: "first_us", type: "BIGINT" },
  { name: "is_fatal", type: "UTINYINT" },
  { name: "value", type: "DOUBLE" },
  { name: "unit", type: "VARCHAR" },
  { name: "detail", type: "VARCHAR" },
  { name: "spans", type: "VARCHAR" },
] as const;
