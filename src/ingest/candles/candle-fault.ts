// What makes a one-minute candle unusable, wherever it comes from?

import { DAY_US, MINUTE_US, SECOND_US } from "../../core/time.js";
import type { CandleRow } from "./candle-buffer.js";

const MINUTE_S = MINUTE_US / SECOND_US;

/** No coin was traded before; seconds written in another unit fall outside. */
const EARLIEST_S = Date.UTC(2009, 0, 1) / 1000;

/** Seconds will not come near it for two centuries; ms are beyond it. */
const LATEST_S = 1e10;

/** How long after midnight a day counts as over: exchanges publish a minute's candle some seconds late. */
const SETTLING_US = 5 * MINUTE_US;

/**
 * The first rule that a candle breaks, as `field: what was wrong`. Low ≤ open, close ≤ high; prices finite and positive;
 * volume finite and not negative; the time a whole minute that is over.
 *
 * @param nowUs - no candle that ends later is complete
 * @returns undefined for a good candle
 */
export function candleFault(row: CandleRow, nowUs: number): string | undefined {
  const [time, low, high, open, close, volume] = row;
  if (!Number.isInteger(time)) return "time: not a whole number of seconds";
  if (time % MINUTE_S !== 0) return "time: not the start of a minute";
  if (time < EARLIEST_S) return "time: before 2009, so not in seconds since 1970";
  if (time > LATEST_S) return "time: after 2286, so not in seconds since 1970";
  if ((time + MINUTE_S) * SECOND_US > nowUs) return "time: a minute that is not over yet";
  if (!isPrice(low)) return "low: not a positive number";
  if (!isPrice(high)) return "high: not a positive number";
  if (!isPrice(open)) return "open: not a positive number";
  if (!isPrice(close)) return "close: not a positive number";
  if (!(volume >= 0 && volume < Number.POSITIVE_INFINITY)) return "volume: negative or no number";
  if (open < low || close < low) return "low: above open or close";
  if (open > high || close > high) return "high: below open or close";
  return undefined;
}

/** Whether something may have been traded at a time, in seconds since the epoch. */
export function isPossibleTime(timeS: number, nowUs: number): boolean {
  return timeS >= EARLIEST_S && timeS * SECOND_US <= nowUs;
}

/** Whether a day is so long over that all its candles are published. */
export function isDayOver(dayStartUs: number, nowUs: number): boolean {
  return dayStartUs + DAY_US + SETTLING_US <= nowUs;
}

function isPrice(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY;
}
