import { normalQuantile } from "../core/normal-quantile.js";
import { normalCdf } from "../core/statistics.js";
import { type SharpeSample, sampleOf, widerSharpeError } from "./sharpe.js";

/** What was tried before this model was chosen. */
export interface Trials {
  /** Distinct trials, this one included. */
  readonly count: number;
  /** Standard deviation of their daily Sharpe ratios; of no use for a single one. */
  readonly sharpeDeviation: number;
}

const EULER_GAMMA = 0.5772156649015329;

/**
 * Probability that the true Sharpe ratio exceeds a benchmark: Φ((SR − SR*)/σ), σ the standard error for independent days of
 * any distribution, or that by blocks of days where it is known and larger: the published formula is sure of what autocorrelated
 * days only repeat. Of 3,000 series of 90 normal days without skill it puts above 0.95 5 % where they are independent, but 15 %
 * at an autocorrelation of 0.4.
 *
 * @param benchmarkSharpe - SR*, of a day and not annualised
 * @returns ratio in [0, 1]; NaN for fewer than two days, without variation, or where blocks of days give no bounds
 * @see Bailey & López de Prado (2012), The Sharpe Ratio Efficient Frontier
 */
export function probabilisticSharpe(sample: SharpeSample, benchmarkSharpe = 0): number {
  return normalCdf((sample.sharpe - benchmarkSharpe) / widerSharpeError(sample));
}

/**
 * Probability that the true Sharpe ratio exceeds what the best of so many trials without skill would show: the probabilistic
 * Sharpe ratio over `benchmarkSharpe`.
 *
 * @param dailyReturns - T returns after costs, or what is known of their Sharpe ratio
 * @returns ratio in [0, 1]; NaN without variation, or when trials are unknown
 * @see Bailey & López de Prado (2014), The Deflated Sharpe Ratio
 */
export function deflatedSharpe(
  dailyReturns: ArrayLike<number> | SharpeSample,
  trials?: Trials,
): number {
  if (trials === undefined) return Number.NaN;
  const sample = sampleOf(dailyReturns);
  return probabilisticSharpe(sample, benchmarkSharpe(trials, sample.days));
}

/**
 * What a daily Sharpe ratio of so many days is held against: that of the best of so many trials without skill. They are taken to
 * scatter by 1/√T at least, as T days do by luck: trials that are alike, or one under many seeds, scatter less.
 *
 * @returns NaN where the scatter of several trials is not known
 */
export function benchmarkSharpe(trials: Trials, days: number): number {
  const sharpeDeviation = Math.max(trials.sharpeDeviation, 1 / Math.sqrt(days));
  return expectedBestSharpe({ ...trials, sharpeDeviation });
}

/**
 * Sharpe ratio to expect of the best of N trials without skill: σ·[(1 − γ)·Φ⁻¹(1 − 1/N) + γ·Φ⁻¹(1 − 1/(N·e))], γ Euler's
 * constant; 0 for a single trial.
 */
export function expectedBestSharpe({ count, sharpeDeviation }: Trials): number {
  if (count === 1) return 0;
  const best = normalQuantile(1 - 1 / count);
  const next = normalQuantile(1 - 1 / (count * Math.E));
  return sharpeDeviation * ((1 - EULER_GAMMA) * best + EULER_GAMMA * next);
}
