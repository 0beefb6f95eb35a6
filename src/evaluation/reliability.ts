import {
  type BlockBootstrapOptions,
  type Bootstrapped,
  weightedBootstrap,
} from "../core/block-bootstrap.js";
import { requireSameLength } from "../core/columns.js";
import { ofPart } from "../core/effective-sample-size.js";
import { RATIO } from "../core/figure-range.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import type { Dataset } from "../dataset/matrix.js";
import type { Predicted } from "./group-accuracy.js";
import { type RankedRows, rankRows } from "./order.js";

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  readonly rows: number;
  readonly meanProbability: number;
  readonly upRate: number;
}

/** A bin with the interval of its rate of "up", and the independent rows that it rests on. */
export interface ReliabilityPoint extends ReliabilityBin, Omit<Bootstrapped, "estimate"> {}

/** Bins of equal mass where nothing else is asked for; the gate on the calibration error is on as many. */
export const BINS = 10;

/**
 * Bins of equal mass by probability. Rows of equal probability are never split, so that a constant forecast is one bin: where
 * many are equal there are fewer bins, and those beside them are as large as each other.
 *
 * @param probability - n probabilities of "up"
 * @param outcome - n outcomes in [0, 1]
 * @param options.bins - how many bins at most
 * @returns bins from low to high probability; none without rows
 * @throws {ShapeError} the lengths differ
 */
export function reliabilityBins(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
  { bins = BINS }: { readonly bins?: number } = {},
): readonly ReliabilityBin[] {
  requireSameLength({ probability, outcome });
  const ranked = rankRows(probability, outcome);
  return weightedReliabilityBins(ranked, new Uint32Array(probability.length).fill(1), bins);
}

/**
 * The bins with intervals. Which rows a bin holds stays as it is in all resamples: each asks again how many of them went up.
 *
 * @param options.bins - how many bins at most
 * @returns bins from low to high probability, without an interval where some resample has no row of the bin
 * @throws {ShapeError} the lengths differ
 */
export function reliabilityCurve(
  { outcome, barEndUs, horizonBars }: Pick<Dataset, "outcome" | "barEndUs" | "horizonBars">,
  { rows, probability }: Predicted,
  { bins = BINS, ...bootstrap }: BlockBootstrapOptions & { readonly bins?: number },
): readonly ReliabilityPoint[] {
  requireSameLength({ rows, probability });
  const ranked = rankRows(
    probability,
    Float64Array.from(rows, (row) => outcome[row]!),
  );
  const { found, upRates } = fixedBins(ranked, bins);
  const figures = weightedBootstrap(
    Float64Array.from(ranked.order, (i) => barEndUs[rows[i]!]!),
    (weight): Readonly<Record<number, number>> => Object.fromEntries(upRates(weight).entries()),
    { ...bootstrap, horizonBars, rangeOf: () => RATIO },
  );
  return withIntervals(found, (k) => figures[k]!);
}

/** The bins of all rows, and how many of each bin's rows went up in a resample of them. */
export interface FixedBins {
  readonly found: readonly ReliabilityBin[];
  /** @param weight - n counts in the order of the ranks */
  readonly upRates: (weight: Uint32Array) => readonly number[];
}

/** Bins whose rows stay the same in all resamples. */
export function fixedBins(ranked: RankedRows, bins: number = BINS): FixedBins {
  const all = new Uint32Array(ranked.order.length).fill(1);
  const found = weightedReliabilityBins(ranked, all, bins);
  let end = 0;
  const parts = found.map((bin) => {
    const from = end;
    end += bin.rows;
    return { from, to: end, outcome: ranked.outcome.subarray(from, end) };
  });
  const upRates = (weight: Uint32Array): readonly number[] =>
    parts.map(({ from, to, outcome }) => {
      const own = weight.subarray(from, to);
      return weightedSum(own, outcome) / totalWeight(own);
    });
  return { found, upRates };
}

/**
 * Bins with the intervals of their rates.
 *
 * @param upRate - of each bin, bootstrapped with all rows
 */
export function withIntervals(
  bins: readonly ReliabilityBin[],
  upRate: (bin: number) => Bootstrapped,
): readonly ReliabilityPoint[] {
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  return bins.map((bin, k) => {
    const { estimate: _, ...interval } = ofPart(upRate(k), bin.rows / rows);
    return { ...bin, ...interval };
  });
}

/**
 * The bins where each row counts as often as its weight says.
 *
 * @param weight - n counts in the order of the ranks
 */
export function weightedReliabilityBins(
  { probability, outcome }: RankedRows,
  weight: Uint32Array,
  bins: number = BINS,
): readonly ReliabilityBin[] {
  const nextEnd = binEnds(totalWeight(weight), bins);
  const result: ReliabilityBin[] = [];
  let end = nextEnd(0);
  let done = 0;
  let rows = 0;
  let sumProbability = 0;
  let sumOutcome = 0;
  for (let i = 0; i < probability.length; ) {
    const p = probability[i]!;
    do {
      rows += weight[i]!;
      sumProbability += weight[i]! * p;
      sumOutcome += weight[i]! * outcome[i]!;
      i++;
    } while (i < probability.length && probability[i] === p);
    if (rows === 0 || done + rows < end) continue;
    result.push({ rows, meanProbability: sumProbability / rows, upRate: sumOutcome / rows });
    done += rows;
    rows = sumProbability = sumOutcome = 0;
    end = nextEnd(done);
  }
  return result;
}

/**
 * Where bins of equal mass end. A bin that equal probabilities carry beyond its end takes the ends that it passes with it, and
 * the bins that are left share what is left evenly.
 *
 * @returns the first end beyond the rows that are done, which only grow from call to call
 */
function binEnds(total: number, bins: number): (done: number) => number {
  let [from, left, bin] = [0, bins, 0];
  const endOf = (one: number): number => from + Math.round((one * (total - from)) / left);
  return (done) => {
    const isBeyond = done > endOf(bin);
    while (bin < left && endOf(bin) <= done) bin++;
    if (isBeyond) [from, left, bin] = [done, left - bin + 1, 1];
    return endOf(bin);
  };
}
