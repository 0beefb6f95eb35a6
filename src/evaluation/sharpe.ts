import { mean, standardDeviation } from "../core/statistics.js";
import type { Uncertainty } from "./block-bootstrap.js";

/** Crypto trades every day of the year. */
const DAYS_A_YEAR = 365;

/**
 * Annualised Sharpe ratio of daily returns, with the standard error it has for independent days:
 * √((1 + SR²/2)/n) in units of a day, times √365.
 *
 * @param dailyReturns - n returns, days without a position included
 * @returns NaN for fewer than two days or without any variation
 * @see Lo (2002), The Statistics of Sharpe Ratios
 */
export function sharpeRatio(dailyReturns: ArrayLike<number>): Uncertainty {
  const deviation = standardDeviation(dailyReturns);
  const daily = deviation > 0 ? mean(dailyReturns) / deviation : Number.NaN;
  const estimate = daily * Math.sqrt(DAYS_A_YEAR);
  const standardError = Math.sqrt(((1 + daily ** 2 / 2) / dailyReturns.length) * DAYS_A_YEAR);
  return {
    estimate,
    standardError,
    lower: estimate - 1.96 * standardError,
    upper: estimate + 1.96 * standardError,
  };
}
