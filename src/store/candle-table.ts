import { partitionFolder } from "./partition.js";

/**
 * Stored columns of one-minute candles, in order. A candle holds the trades of `[bar_start_us, bar_end_us)` by exchange
 * time, as the exchanges cut them and stamp them with the start; both ends are stored so that no reader has to know that.
 * `volume` is in the base coin.
 */
export const CANDLE_COLUMNS = [
  { name: "bar_start_us", type: "BIGINT" },
  { name: "bar_end_us", type: "BIGINT" },
  { name: "open", type: "DOUBLE" },
  { name: "high", type: "DOUBLE" },
  { name: "low", type: "DOUBLE" },
  { name: "close", type: "DOUBLE" },
  { name: "volume", type: "DOUBLE" },
] as const;

/** Whose candles of which UTC day (of the bars' starts). */
export interface CandleKey {
  readonly exchange: string;
  readonly symbol: string;
  /** `yyyy-mm-dd` */
  readonly date: string;
}

/**
 * Folder of a day's candles below the store's root.
 *
 * @throws {OptionError} exchange, symbol or date is not one
 */
export function candleFolder(key: CandleKey): string {
  const beside = partitionFolder({ ...key, type: "trades" });
  return beside.replace("lake/trades/", "candles/bar=1m/");
}
