import { type CandleKey, candleFolder } from "./candle-table.js";
import { readSelected, type Selected } from "./read.js";
import type { Store } from "./store.js";
import type { Candles } from "./tables.js";

const COLUMNS: readonly Selected[] = [
  { name: "barStartUs", sql: "CAST(bar_start_us AS DOUBLE)", kind: "float64" },
  { name: "barEndUs", sql: "CAST(bar_end_us AS DOUBLE)", kind: "float64" },
  ...["open", "high", "low", "close", "volume"].map(
    (name): Selected => ({ name, sql: name, kind: "float64" }),
  ),
];

/**
 * One-minute candles of a UTC day, in order.
 *
 * @throws {DataError} the day's candles are missing or damaged
 */
export function readCandles(store: Store, key: CandleKey): AsyncGenerator<Candles> {
  return readSelected(store, candleFolder(key), COLUMNS);
}
