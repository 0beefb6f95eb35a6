import { meanOverDeviation } from "./statistics.js";

/** Fewer daily returns than this say nothing of a Sharpe ratio: not even four blocks of days are there, by which it scatters. */
export const FEWEST_SHARPE_DAYS = 20;

/** Sharpe ratio of daily returns, not annualised; NaN where they are too few to say it, or do not vary. */
export function dailySharpe(returns: readonly number[]): number {
  return returns.length < FEWEST_SHARPE_DAYS ? Number.NaN : meanOverDeviation(returns);
}
