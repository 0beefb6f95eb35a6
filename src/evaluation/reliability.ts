import { requireSameLength } from "../core/columns.js";
import { type RankedRows, rankRows } from "./order.js";
import { totalWeight } from "./weighted-sum.js";

/** One bin of a reliability diagram. */
export interface ReliabilityBin {
  readonly rows: number;
  readonly meanProbability: number;
  readonly upRate: number;
}

/** Bins of equal mass where nothing else is asked for; the gate on the calibration error is on as many. */
export const BINS = 10;

/**
 * Bins of equal mass by probability. Rows of equal probability are never split, so that a constant forecast is one bin.
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
 * The same where each row counts as often as its weight says.
 *
 * @param weight - n counts in the order of the ranks
 */
export function weightedReliabilityBins(
  { probability, outcome }: RankedRows,
  weight: Uint32Array,
  bins: number = BINS,
): readonly ReliabilityBin[] {
  const total = totalWeight(weight);
  // Rows up to the end of a bin, counted from 1; the last one takes all that is left.
  const endOf = (bin: number): number => (bin === bins ? total : Math.round((bin * total) / bins));
  const result: ReliabilityBin[] = [];
  let end = endOf(1);
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
    end = endOf(result.length + 1);
  }
  return result;
}
