// Does the configuration that was best in one half of the past stay good in the other?
import { requireSameLength } from "../core/columns.js";
import { combinations } from "../core/combinations.js";
import { DataError, OptionError } from "../core/errors.js";
import { mean } from "../core/statistics.js";

/** How to judge configurations against each other. */
export interface BacktestOverfittingOptions {
  /** Even number of blocks that time is cut into; 16 make 12,870 ways to halve it. */
  readonly blocks?: number;
  /** What a half is judged by: the mean of a period, or that over its deviation (not annualised, which ranks the same). */
  readonly statistic?: "mean" | "sharpe";
  /** Out-of-sample performance below this is a loss. */
  readonly lossBelow?: number;
}

/** Overfitting by combinatorially symmetric cross-validation. All columns have one entry per split. */
export interface BacktestOverfitting {
  readonly configurations: number;
  readonly periods: number;
  /** Ways to take half of the blocks as in-sample. */
  readonly splits: number;
  /**
   * Probability of backtest overfitting, PBO: share of splits in which the in-sample best ranks no better than the median out
   * of sample; in [0, 1], lower is better. Without skill about ½ ((N + 1)/2N where the number N of configurations is odd).
   */
  readonly probability: number;
  /** ln(ω/(1 − ω)) of the relative rank ω, in (0, 1), that the in-sample best takes out of sample. */
  readonly logits: Float64Array;
  /** Performance of the in-sample best, in sample and out of sample. */
  readonly inSample: Float64Array;
  readonly outOfSample: Float64Array;
  /** Least-squares slope of the second on the first: below 0, the better in sample the worse out of it. NaN without scatter. */
  readonly degradationSlope: number;
  /** Share of splits in which the in-sample best makes a loss out of sample. */
  readonly probabilityOfLoss: number;
}

/**
 * Probability of backtest overfitting: time is cut into S blocks, every half of them taken as in-sample, and the
 * configuration that is best there is ranked among all in the other half.
 *
 * @param performance - for each of N configurations T numbers, one per period in time order, higher is better: returns, or
 *   scores of predictions; blocks of T/S periods, as even as T allows
 * @throws {ShapeError} configurations differ in periods
 * @throws {OptionError} fewer than two configurations, an odd number of blocks, or more blocks than periods
 * @throws {DataError} a number that is not finite
 * @see Bailey, Borwein, López de Prado & Zhu (2017), The Probability of Backtest Overfitting
 */
export function backtestOverfitting(
  performance: readonly Float64Array[],
  { blocks = 16, statistic = "sharpe", lossBelow = 0 }: BacktestOverfittingOptions = {},
): BacktestOverfitting {
  const periods = requirePerformance(performance, blocks);
  const moments = performance.map((column) => blockMoments(column, blocks));
  const logits: number[] = [];
  const inSample: number[] = [];
  const outOfSample: number[] = [];
  for (const half of combinations(blocks, blocks / 2)) {
    const other = Array.from({ length: blocks }, (_, b) => b).filter((b) => !half.includes(b));
    const within = moments.map((own) => scoreOf(own, half, statistic));
    const beyond = moments.map((own) => scoreOf(own, other, statistic));
    const best = within.indexOf(within.reduce((a, b) => Math.max(a, b)));
    const relativeRank = rankOf(beyond, best) / (performance.length + 1);
    logits.push(Math.log(relativeRank / (1 - relativeRank)));
    inSample.push(within[best]!);
    outOfSample.push(beyond[best]!);
  }
  const shareOf = (values: readonly number[], holds: (value: number) => boolean): number =>
    values.filter(holds).length / values.length;
  return {
    configurations: performance.length,
    periods,
    splits: logits.length,
    probability: shareOf(logits, (logit) => logit <= 0),
    logits: Float64Array.from(logits),
    inSample: Float64Array.from(inSample),
    outOfSample: Float64Array.from(outOfSample),
    degradationSlope: slope(inSample, outOfSample),
    probabilityOfLoss: shareOf(outOfSample, (value) => value < lossBelow),
  };
}

/** Count, mean and summed squares about the mean of each block. */
interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

function blockMoments(column: Float64Array, blocks: number): readonly Moments[] {
  const edge = (block: number): number => Math.round((block * column.length) / blocks);
  return Array.from({ length: blocks }, (_, b) => {
    const own = column.subarray(edge(b), edge(b + 1));
    const center = mean(own);
    const squares = own.reduce((sum, value) => sum + (value - center) ** 2, 0);
    return { count: own.length, mean: center, squares };
  });
}

/** Mean, or mean over deviation, of some blocks together: M₂ = Σ M₂ᵦ + Σ nᵦ·(mᵦ − m)². */
function scoreOf(
  moments: readonly Moments[],
  chosen: readonly number[],
  statistic: "mean" | "sharpe",
): number {
  let [count, sum, squares] = [0, 0, 0];
  for (const block of chosen) {
    count += moments[block]!.count;
    sum += moments[block]!.count * moments[block]!.mean;
  }
  const center = sum / count;
  // What never trades has no scatter, and no Sharpe ratio but 0.
  if (statistic === "mean" || center === 0) return center;
  for (const block of chosen) {
    const { count: own, mean: its, squares: within } = moments[block]!;
    squares += within + own * (its - center) ** 2;
  }
  return center / Math.sqrt(squares / (count - 1));
}

/** Rank from 1, the worst; equal values share the mean of their ranks. */
function rankOf(values: readonly number[], place: number): number {
  const own = values[place]!;
  const below = values.filter((value) => value < own).length;
  const equal = values.filter((value) => value === own).length;
  return below + (equal + 1) / 2;
}

function slope(x: readonly number[], y: readonly number[]): number {
  const [meanX, meanY] = [mean(x), mean(y)];
  let [products, squares] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    products += (x[i]! - meanX) * (y[i]! - meanY);
    squares += (x[i]! - meanX) ** 2;
  }
  return products / squares;
}

function requirePerformance(performance: readonly Float64Array[], blocks: number): number {
  const columns = performance.map((column, i) => [`configuration ${i + 1}`, column] as const);
  const periods = requireSameLength(Object.fromEntries(columns));
  if (performance.length < 2) {
    throw new OptionError({
      column: "performance",
      message: `was of ${performance.length} configurations, expected at least 2`,
      fix: "give everything that was tried, not only what was chosen",
    });
  }
  requireBlocks(blocks, periods);
  for (const [name, column] of columns) {
    const row = column.findIndex((value) => !Number.isFinite(value));
    if (row === -1) continue;
    throw new DataError({
      column: name,
      row: row + 1,
      message: `was ${column[row]}, expected a finite number for every period`,
      fix: "leave out periods in which not all configurations were measured",
    });
  }
  return periods;
}

/**
 * Refuses blocks that cannot be halved evenly, or that periods are too few for.
 *
 * @throws {OptionError} an odd number of blocks, or fewer than two periods a block
 */
export function requireBlocks(blocks: number, periods: number): void {
  // A single period has no deviation.
  if (!Number.isInteger(blocks) || blocks % 2 !== 0 || blocks < 2 || 2 * blocks > periods) {
    throw new OptionError({
      column: "blocks",
      message: `was ${blocks}, expected an even number from 2 to half of the ${periods} periods`,
      fix: "give for example 16, or longer data",
    });
  }
}
