import { mean, standardDeviation } from "../core/statistics.js";
import { DAY_US, HOUR_US, MINUTE_US } from "../core/time.js";

/** Best quotes of one symbol at the ends of minutes, with the minute's average spread. */
export interface MinuteQuotes {
  readonly symbol: string;
  /** Ends of minutes, µs, ascending; minutes without a quote are absent. */
  readonly minuteEndUs: Float64Array;
  readonly mid: Float64Array;
  readonly spreadBps: Float64Array;
}

/** What a market looks like at one-minute steps. */
export interface MarketLook {
  readonly symbol: string;
  /** Returns looked at. */
  readonly rows: number;
  /** Share of minutes whose |return| is beyond each multiple of the deviation. */
  readonly tailSigma: readonly number[];
  readonly tailShare: readonly number[];
  readonly beyondFourSigma: number;
  /** Autocorrelation of |return| at lags of 1, 2, … minutes. */
  readonly absoluteAutocorrelation: readonly number[];
  /** Hours of the UTC day that have data. */
  readonly hour: readonly number[];
  /** Deviation of a minute's return in each hour, bps. */
  readonly volatilityBps: readonly number[];
  /** Mean spread in each hour, and the quarter and three-quarter points of it, bps. */
  readonly spreadBps: readonly number[];
  readonly spreadLowBps: readonly number[];
  readonly spreadHighBps: readonly number[];
}

/** Lags that the autocorrelation is computed for, in minutes. */
const LAGS = 120;

/** Returns over fewer minutes than this show nothing about tails. */
export const LEAST_RETURNS = 300;

/**
 * Tails, clustering and daily rhythm of a symbol's one-minute mid returns.
 *
 * @param quotes - at the ends of minutes; returns over missing minutes are left out
 * @see Cont (2001), Empirical properties of asset returns: stylized facts and statistical issues
 */
export function marketLook(quotes: MinuteQuotes): MarketLook {
  const { returnBps, rows } = minuteReturns(quotes);
  const deviation = standardDeviation(returnBps);
  const absolute = returnBps.map(Math.abs).sort();
  const tailSigma = Array.from({ length: 61 }, (_, i) => i / 5);
  const shareBeyond = (sigma: number): number => {
    return shareAbove(absolute, sigma * deviation);
  };
  const tailShare = tailSigma.map(shareBeyond);
  const end = tailShare.indexOf(0);
  const kept = end < 0 ? tailSigma.length : end;
  return {
    symbol: quotes.symbol,
    rows: returnBps.length,
    tailSigma: tailSigma.slice(0, kept),
    tailShare: tailShare.slice(0, kept),
    beyondFourSigma: shareBeyond(4),
    absoluteAutocorrelation: autocorrelation(returnBps.map(Math.abs)),
    ...hourProfile(quotes, returnBps, rows),
  };
}

function minuteReturns({ minuteEndUs, mid }: MinuteQuotes): {
  readonly returnBps: Float64Array;
  readonly rows: readonly number[];
} {
  const rows: number[] = [];
  for (let i = 1; i < mid.length; i++) {
    if (minuteEndUs[i]! - minuteEndUs[i - 1]! === MINUTE_US) rows.push(i);
  }
  const returnBps = Float64Array.from(rows, (i) => 1e4 * Math.log(mid[i]! / mid[i - 1]!));
  return { returnBps, rows };
}

/** Share of ascending values above a limit. */
function shareAbove(sorted: Float64Array, limit: number): number {
  const first = sorted.findIndex((value) => value > limit);
  return first < 0 ? 0 : (sorted.length - first) / sorted.length;
}

/** ρ(k) = Σ (x_t − x̄)(x_{t+k} − x̄) / Σ (x_t − x̄)² */
function autocorrelation(values: Float64Array): number[] {
  const center = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - center) ** 2;
  return Array.from({ length: Math.min(LAGS, values.length - 1) }, (_, k) => {
    let products = 0;
    for (let i = 0; i + k + 1 < values.length; i++) {
      products += (values[i]! - center) * (values[i + k + 1]! - center);
    }
    return products / squares;
  });
}

function hourProfile(
  { minuteEndUs, spreadBps }: MinuteQuotes,
  returnBps: Float64Array,
  rows: readonly number[],
): Pick<MarketLook, "hour" | "volatilityBps" | "spreadBps" | "spreadLowBps" | "spreadHighBps"> {
  const squares: number[][] = Array.from({ length: 24 }, () => []);
  const spreads: number[][] = Array.from({ length: 24 }, () => []);
  for (const [k, i] of rows.entries()) squares[hourOf(minuteEndUs[i]!)]!.push(returnBps[k]! ** 2);
  for (let i = 0; i < spreadBps.length; i++) {
    if (Number.isFinite(spreadBps[i]!)) spreads[hourOf(minuteEndUs[i]!)]!.push(spreadBps[i]!);
  }
  const hour = Array.from({ length: 24 }, (_, i) => i).filter(
    (i) => squares[i]!.length > 0 && spreads[i]!.length > 0,
  );
  const spreadAt = (level: number): number[] => {
    return hour.map((i) => sortedAt(spreads[i]!, level));
  };
  return {
    hour,
    volatilityBps: hour.map((i) => Math.sqrt(mean(squares[i]!))),
    spreadBps: hour.map((i) => mean(spreads[i]!)),
    spreadLowBps: spreadAt(0.25),
    spreadHighBps: spreadAt(0.75),
  };
}

/** Hour of the day in which the minute that ends at a time lies. */
function hourOf(minuteEndUs: number): number {
  return Math.floor(((minuteEndUs - 1) % DAY_US) / HOUR_US);
}

function sortedAt(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(level * (sorted.length - 1))]!;
}
