// Do two sources tell of the same moves?
import { type Shortfall, shortfall } from "../../core/shortfall.js";
import { quantile } from "../../core/statistics.js";

/** How the moves of two sources go together; NaN where that is undefined. */
export interface ReturnComparison {
  /** Minutes that have a one-minute return on both sides. */
  readonly returns: number;
  /** Pearson correlation of one-minute log returns of closes, in [−1, 1]. */
  readonly correlation: number;
  /** Standard deviation of the difference of the two returns, bps a minute. */
  readonly trackingErrorBps: number;
  /** The same over a year of 525,600 minutes whose differences are independent, as a ratio. */
  readonly trackingErrorAnnualRatio: number;
  /** Median of close a / close b: what one coin of quote currency b is worth in a, and 1 for the same market. */
  readonly closeRatio: number;
  /** Minutes, from −2 to 2, by which b is best taken to be late (negative: early); 0 when the two are in step. */
  readonly lagMinutes: number;
  /** What could not be computed, and why. */
  readonly shortfalls: readonly Shortfall[];
}

/** Minutes a year. */
const YEAR_MINUTES = 525_600;

/** With fewer pairs a correlation says nothing: its 95 % interval around 0 is wider than ±0.36. */
const LEAST_RETURNS = 30;

const LAGS: readonly number[] = [0, -1, 1, -2, 2];

/** Sums over pairs of numbers. */
interface Pairs {
  readonly count: number;
  readonly deviationA: number;
  readonly deviationB: number;
  readonly correlation: number;
  readonly differenceDeviation: number;
}

/**
 * Compares the one-minute log returns of two columns of closes.
 *
 * @param a - n closes in consecutive minutes, NaN where there is none
 * @param b - n closes of the same minutes
 */
export function compareReturns(a: Float64Array, b: Float64Array): ReturnComparison {
  const [returnsA, returnsB] = [logReturns(a), logReturns(b)];
  const paired = pairs(returnsA, returnsB, 0);
  const shortfalls = shortfallsOf(paired);
  const isKnown = shortfalls.length === 0;
  const { count, correlation, differenceDeviation } = paired;
  const trackingErrorBps = count < LEAST_RETURNS ? Number.NaN : 1e4 * differenceDeviation;
  return {
    returns: count,
    correlation: isKnown ? correlation : Number.NaN,
    trackingErrorBps,
    trackingErrorAnnualRatio: (trackingErrorBps / 1e4) * Math.sqrt(YEAR_MINUTES),
    closeRatio: quantile(
      a.map((close, i) => close / b[i]!).filter((ratio) => !Number.isNaN(ratio)),
      0.5,
    ),
    lagMinutes: isKnown ? bestLag(returnsA, returnsB) : Number.NaN,
    shortfalls,
  };
}

function shortfallsOf({ count, deviationA, deviationB }: Pairs): readonly Shortfall[] {
  const step = "correlate the one-minute returns";
  if (count < LEAST_RETURNS) {
    const what = "minutes with a return on both sides";
    return [shortfall({ step, what, has: count, needs: LEAST_RETURNS })];
  }
  return [...(deviationA > 0 ? [] : ["ticks"]), ...(deviationB > 0 ? [] : ["candles"])].map(
    (side) =>
      shortfall({
        step,
        what: `minutes in which the price of the ${side} moved`,
        has: 0,
        needs: 1,
      }),
  );
}

/** The lag with the highest correlation; of equals the nearest to 0. */
function bestLag(a: Float64Array, b: Float64Array): number {
  let best = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (const lag of LAGS) {
    const { count, correlation } = pairs(a, b, lag);
    if (count < LEAST_RETURNS || !(correlation > highest)) continue;
    highest = correlation;
    best = lag;
  }
  return best;
}

/** ln(close / close a minute before); NaN where one is missing. */
function logReturns(close: Float64Array): Float64Array {
  return close.map((price, i) => (i === 0 ? Number.NaN : Math.log(price / close[i - 1]!)));
}

/** Pairs a[i], b[i + lag]; in two passes, so that nothing is lost to large sums. */
function pairs(a: Float64Array, b: Float64Array, lag: number): Pairs {
  const from = Math.max(0, -lag);
  const to = Math.min(a.length, b.length - lag);
  let count = 0;
  let [sumA, sumB] = [0, 0];
  for (let i = from; i < to; i++) {
    if (Number.isNaN(a[i]! + b[i + lag]!)) continue;
    count++;
    sumA += a[i]!;
    sumB += b[i + lag]!;
  }
  const [meanA, meanB] = [sumA / count, sumB / count];
  let [squaresA, squaresB, products, differences] = [0, 0, 0, 0];
  for (let i = from; i < to; i++) {
    const x = a[i]! - meanA;
    const y = b[i + lag]! - meanB;
    if (Number.isNaN(x + y)) continue;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
    differences += (x - y) ** 2;
  }
  return {
    count,
    deviationA: Math.sqrt(squaresA / (count - 1)),
    deviationB: Math.sqrt(squaresB / (count - 1)),
    // Rounding may go beyond 1.
    correlation: Math.max(-1, Math.min(1, products / Math.sqrt(squaresA * squaresB))),
    differenceDeviation: Math.sqrt(differences / (count - 1)),
  };
}
