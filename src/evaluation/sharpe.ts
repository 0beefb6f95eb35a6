import { mean, standardDeviation } from "../core/statistics.js";
import type { Uncertainty } from "./block-bootstrap.js";
import { sharpeBlockInterval } from "./sharpe-interval.js";

/** Crypto trades every day of the year. */
const DAYS_A_YEAR = 365;

/** What is known of a Sharpe ratio from the returns it was measured on. */
export interface SharpeSample {
  /** T, the number of daily returns; days that were not tested have none. */
  readonly days: number;
  /** Mean over standard deviation, of a day and not annualised; NaN for fewer than two days or without any variation. */
  readonly sharpe: number;
  /** γ₃; 0 for a normal distribution. */
  readonly skewness: number;
  /** γ₄, not in excess: 3 for a normal distribution. */
  readonly kurtosis: number;
}

/**
 * The Sharpe ratio of daily returns and the shape of their distribution.
 *
 * @param dailyReturns - T returns of tested days, those without a position included and days without data left out
 */
export function sharpeSample(dailyReturns: ArrayLike<number>): SharpeSample {
  const center = mean(dailyReturns);
  const deviation = standardDeviation(dailyReturns);
  const moment = (power: number): number =>
    mean(Float64Array.from(dailyReturns, (value) => (value - center) ** power));
  const variance = moment(2);
  return {
    days: dailyReturns.length,
    sharpe: deviation > 0 ? center / deviation : Number.NaN,
    skewness: moment(3) / variance ** 1.5,
    kurtosis: moment(4) / variance ** 2,
  };
}

/**
 * Standard error of a daily Sharpe ratio for independent days of any distribution:
 * √((1 − γ₃·SR + (γ₄ − 1)/4·SR²)/(T − 1)).
 *
 * @see Mertens (2002), Comments on Variance of the IID Estimator in Lo (2002); Bailey & López de Prado (2012), The Sharpe
 *   Ratio Efficient Frontier
 */
export function sharpeError({ days, sharpe, skewness, kurtosis }: SharpeSample): number {
  return Math.sqrt((1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2) / (days - 1));
}

/**
 * Annualised Sharpe ratio of daily returns with an interval of 95 %: the wider, at each end, of that for independent days and
 * that of blocks of days, which allows for autocorrelation; both of a day, times √365. Of fewer than twenty days there are no
 * blocks. The standard error is the larger of the two.
 *
 * @param dailyReturns - T returns of tested days in order of time, those without a position included and days without data left
 *   out
 * @returns NaN for fewer than two days or without any variation; bounds NaN where on so few days anything was earned that
 *   blocks without one are no rarity
 */
export function sharpeRatio(dailyReturns: ArrayLike<number>): Uncertainty {
  const sample = sharpeSample(dailyReturns);
  const error = sharpeError(sample);
  const reach = 1.96 * error;
  const alone = {
    standardError: error,
    lower: sample.sharpe - reach,
    upper: sample.sharpe + reach,
  };
  const blocks = sharpeBlockInterval(dailyReturns, sample.sharpe) ?? alone;
  const year = Math.sqrt(DAYS_A_YEAR);
  return {
    estimate: sample.sharpe * year,
    standardError: Math.max(alone.standardError, blocks.standardError) * year,
    lower: Math.min(alone.lower, blocks.lower) * year,
    upper: Math.max(alone.upper, blocks.upper) * year,
  };
}
