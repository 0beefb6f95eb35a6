import { type CandleKey, candleFolder } from "./candle-table.js";
import { readSelected } from "./read.js";
import type { Selected } from "./selected.js";
import type { Store } from "./store.js";
import type { Candles } from "./tables.js";

const COLUMNS: readonly Selected[] = [
  { name: "barStartUs", column: "bar_start_us", kind: "float64" },
  { name: "barEndUs", column: "bar_end_us", kind: "float64" },
  ...["open", "high", "low", "close", "volume"].map(
    (name): Selected => ({ name, column: name, kind: "float64" }),
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
