import type { Uncertainty } from "../core/block-bootstrap.js";
import { FEWEST_SHARPE_DAYS } from "../core/daily-sharpe.js";
import { mean, meanOverDeviation } from "../core/statistics.js";
import { sharpeBlockReach } from "./sharpe-interval.js";

/** Crypto trades every day of the year. */
const DAYS_A_YEAR = 365;

/** Standard errors to either end of a 95 % interval. */
const REACH = 1.96;

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
  /**
   * Standard error of which 1.96 reach as far as the interval by blocks of days does, which allows for autocorrelation; NaN where
   * that has no bounds. Left out where a sample is known by its moments alone.
   */
  readonly blockError?: number;
}

/**
 * The Sharpe ratio of daily returns and the shape of their distribution.
 *
 * @param dailyReturns - T returns of tested days, those without a position included and days without data left out
 */
export function sharpeSample(dailyReturns: ArrayLike<number>): SharpeSample {
  const center = mean(dailyReturns);
  const moment = (power: number): number =>
    mean(Float64Array.from(dailyReturns, (value) => (value - center) ** power));
  const variance = moment(2);
  return {
    days: dailyReturns.length,
    sharpe: meanOverDeviation(dailyReturns),
    skewness: moment(3) / variance ** 1.5,
    kurtosis: moment(4) / variance ** 2,
  };
}

/**
 * The same with the error by blocks of days, for whoever asks how sure it is. Of too few days the ratio is not known at all: two
 * that are alike make it as large as one likes.
 */
export function sharpeSampleByBlocks(dailyReturns: ArrayLike<number>): SharpeSample {
  const sample = sharpeSample(dailyReturns);
  if (sample.days < FEWEST_SHARPE_DAYS) return { ...sample, sharpe: Number.NaN };
  const reach = sharpeBlockReach(dailyReturns, sample.sharpe);
  return reach === undefined ? sample : { ...sample, blockError: reach / REACH };
}

/** What is known of a Sharpe ratio, by the returns unless it is there already. */
export function sampleOf(dailyReturns: ArrayLike<number> | SharpeSample): SharpeSample {
  return "sharpe" in dailyReturns ? dailyReturns : sharpeSampleByBlocks(dailyReturns);
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

/** Standard error of a daily Sharpe ratio: that for independent days or that of blocks of days, where it is known and larger. */
export function widerSharpeError(sample: SharpeSample): number {
  return Math.max(sharpeError(sample), sample.blockError ?? 0);
}

/**
 * Annualised Sharpe ratio of daily returns with an interval of 95 %: the wider of that for independent days and that of blocks
 * of days, which allows for autocorrelation; both of a day, times √365. The standard error is that of which 1.96 reach as far.
 *
 * @param dailyReturns - T returns of tested days in order of time, those without a position included and days without data left
 *   out; or what is known of their Sharpe ratio
 * @returns NaN for fewer than twenty days or without any variation; bounds NaN where on so few days anything was earned that
 *   blocks without one are no rarity
 */
export function sharpeRatio(dailyReturns: ArrayLike<number> | SharpeSample): Uncertainty {
  const sample = sampleOf(dailyReturns);
  const year = Math.sqrt(DAYS_A_YEAR);
  const [estimate, standardError] = [sample.sharpe * year, widerSharpeError(sample) * year];
  const reach = REACH * standardError;
  return { estimate, standardError, lower: estimate - reach, upper: estimate + reach };
}
