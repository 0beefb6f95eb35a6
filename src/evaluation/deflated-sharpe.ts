import { mean, normalCdf, standardDeviation } from "../core/statistics.js";

/** What was tried before this model was chosen. */
export interface Trials {
  /** Distinct trials, this one included. */
  readonly count: number;
  /** Standard deviation of their daily Sharpe ratios; of no use for a single one. */
  readonly sharpeDeviation: number;
}

const EULER_GAMMA = 0.5772156649015329;

/**
 * Probability that the true Sharpe ratio exceeds what the best of so many trials without skill would show:
 * Φ((SR − SR₀)·√(T − 1) / √(1 − γ₃·SR + (γ₄ − 1)/4·SR²)), SR per day, γ₃ skewness, γ₄ raw kurtosis.
 *
 * @param dailyReturns - T returns after costs
 * @returns ratio in [0, 1]; NaN without variation, or when trials are unknown
 * @see Bailey & López de Prado (2014), The Deflated Sharpe Ratio
 */
export function deflatedSharpe(dailyReturns: ArrayLike<number>, trials?: Trials): number {
  const days = dailyReturns.length;
  const deviation = standardDeviation(dailyReturns);
  if (!(deviation > 0) || trials === undefined) return Number.NaN;
  const center = mean(dailyReturns);
  const standardized = Array.from(dailyReturns, (value) => (value - center) / deviation);
  const moment = (power: number): number => mean(standardized.map((value) => value ** power));
  const sharpe = center / deviation;
  const variance = 1 - moment(3) * sharpe + ((moment(4) - 1) / 4) * sharpe ** 2;
  const excess = sharpe - expectedBestSharpe(trials);
  return normalCdf((excess * Math.sqrt(days - 1)) / Math.sqrt(variance));
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

/** Inverse of Φ by bisection, to the last bit that Φ gives. */
function normalQuantile(probability: number): number {
  let low = -8;
  let high = 8;
  for (let i = 0; i < 80; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
