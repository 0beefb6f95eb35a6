import { MINUTE_US } from "../../core/time.js";
import type { MinuteCandles } from "../../market/exchange-minutes.js";
import { type Difference, difference } from "./minute-differences.js";
import { compareReturns, type ReturnComparison } from "./minute-returns.js";
import { minuteRuns } from "./minute-runs.js";
import type { TickMinutes } from "./tick-minutes.js";

/** How much one source tells of a time, and when it tells nothing. */
export interface SourceCoverage {
  /** Trades and book states; or candles. */
  readonly points: number;
  /** Points per minute, over the minutes that have any; NaN without such minutes. */
  readonly pointsPerMinute: number;
  /** Minutes without a single point. */
  readonly missingMinutes: number;
  /** Runs of such minutes: how many, and the longest. */
  readonly gaps: number;
  readonly longestGapMinutes: number;
  /** Share of the whole time in which a valid book was known; a candle knows no book: 0. */
  readonly bookCoverage: number;
}

/** Ticks against one-minute candles, over the same minutes. */
export interface MinuteComparison extends ReturnComparison {
  /** Minutes looked at. */
  readonly minutes: number;
  /** Minutes with a trade on one side and a candle on the other: all differences are over these. */
  readonly comparedMinutes: number;
  readonly ticks: SourceCoverage & { readonly trades: number; readonly bookStates: number };
  readonly candles: SourceCoverage;
  /** Points of the ticks for each point of the candles; NaN without a candle. */
  readonly pointsRatio: number;
  /** Minutes in which something was traded, but which no candle tells of. */
  readonly tradedWithoutCandle: number;
  /** Candles with a volume in minutes without a trade. */
  readonly candlesWithoutTrade: number;
  readonly volume: Difference;
  readonly high: Difference;
  readonly low: Difference;
  readonly close: Difference;
}

/**
 * Compares what ticks say of some minutes with what candles say of them.
 *
 * @param ticks - minutes made from trades and book states
 * @param candles - the same minutes as a source of candles has them
 * @returns figures that are undefined are NaN; `shortfalls` says why
 */
export function compareMinutes(ticks: TickMinutes, candles: MinuteCandles): MinuteComparison {
  const minutes = ticks.close.length;
  const hasCandle = (m: number): boolean => !Number.isNaN(candles.close[m]!);
  const trades = sum(ticks.trades);
  const bookStates = sum(ticks.bookStates);
  let comparedMinutes = 0;
  let tradedWithoutCandle = 0;
  let candlesWithoutTrade = 0;
  for (let m = 0; m < minutes; m++) {
    const isTraded = ticks.trades[m]! > 0;
    if (isTraded && hasCandle(m)) comparedMinutes++;
    else if (isTraded) tradedWithoutCandle++;
    else if (candles.volume[m]! > 0) candlesWithoutTrade++;
  }
  const tickSide = coverage(minutes, trades + bookStates, (m) => {
    return ticks.trades[m]! + ticks.bookStates[m]! > 0;
  });
  const bookCoverage = sum(ticks.validBookUs) / (minutes * MINUTE_US);
  const candleSide = coverage(
    minutes,
    ticks.close.filter((_, m) => hasCandle(m)).length,
    hasCandle,
  );
  return {
    minutes,
    comparedMinutes,
    ticks: { ...tickSide, bookCoverage, trades, bookStates },
    candles: candleSide,
    pointsRatio: candleSide.points === 0 ? Number.NaN : tickSide.points / candleSide.points,
    tradedWithoutCandle,
    candlesWithoutTrade,
    volume: difference(
      ticks.volume.map((volume, m) => (ticks.trades[m]! > 0 ? volume : Number.NaN)),
      candles.volume.map((volume, m) => (hasCandle(m) ? volume : Number.NaN)),
    ),
    high: difference(ticks.high, candles.high),
    low: difference(ticks.low, candles.low),
    close: difference(ticks.close, candles.close),
    ...compareReturns(ticks.close, candles.close),
  };
}

function coverage(
  minutes: number,
  points: number,
  hasPoint: (minute: number) => boolean,
): SourceCoverage {
  const gaps = minuteRuns(minutes, (minute) => !hasPoint(minute)).map(([, length]) => length);
  const missingMinutes = gaps.reduce((total, length) => total + length, 0);
  return {
    points,
    pointsPerMinute: points / (minutes - missingMinutes),
    missingMinutes,
    gaps: gaps.length,
    longestGapMinutes: gaps.reduce((longest, length) => Math.max(longest, length), 0),
    bookCoverage: 0,
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
