import type { Random } from "../../core/random.js";
import { MINUTE_US } from "../../core/time.js";
import type { NamedKind } from "./fault-kind.js";

/** One candle of a minute, as a file of candles has it. */
export interface Candle {
  /** Start of the minute, µs since the epoch. */
  readonly startUs: number;
  readonly low: number;
  readonly high: number;
  readonly open: number;
  readonly close: number;
  readonly volume: number;
}

/** Least share by which a planted candle is wrong. */
const WRONG_SHARE = 0.01;

/** The fault of candles: they differ from the trades that they should be made of. */
export const CANDLE_KIND: NamedKind = {
  name: "source-mismatch",
  check: "source-mismatch",
  size: "one minute's close or volume 1 % above that of the trades",
};

/**
 * Plants it: one minute's close, or its volume, is 1 % more than that of the trades.
 *
 * @param candles - a day's, at least three; the first and the last stay right
 * @returns candles with the wrong one, and its minute, µs
 */
export function wrongCandle(
  candles: readonly Candle[],
  random: Random,
): { readonly candles: readonly Candle[]; readonly fromUs: number; readonly toUs: number } {
  // Trades of a day's first and last minute may lie in its neighbours' files.
  const at = 1 + random.below(candles.length - 2);
  const right = candles[at]!;
  const close = right.close * (1 + WRONG_SHARE);
  const wrong =
    random.uniform() < 0.5
      ? { ...right, close, high: Math.max(right.high, close) }
      : { ...right, volume: right.volume * (1 + WRONG_SHARE) };
  return {
    candles: candles.map((candle) => (candle === right ? wrong : candle)),
    fromUs: right.startUs,
    toUs: right.startUs + MINUTE_US,
  };
}
