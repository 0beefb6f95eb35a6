import { sortedQuantile } from "../../core/statistics.js";
import type { FeatureEntry } from "../feature.js";
import { correlationTime } from "./correlation-time.js";
import { type Complaint, RARE } from "./finding.js";
import { kolmogorovTail } from "./kolmogorov.js";
import type { RankCodes } from "./rank-codes.js";

/** The first half of a column against the second. */
export interface Drift {
  /** Kolmogorov and Smirnov's distance: the largest gap between the two distribution functions, in [0, 1]. */
  readonly distance: number;
  /** Median of the second half minus that of the first, in interquartile ranges of all values; NaN when that range is 0. */
  readonly medianShift: number;
  /** Independent values that the two halves are worth, the harmonic mean of their numbers halved: n₁n₂/(n₁ + n₂). */
  readonly effectiveRows: number;
  /** Probability of so large a distance between halves of one law. */
  readonly chance: number;
}

/** A shift by half a deviation moves two normal laws so far apart; a "population stability index" of 0.25 is the same. */
const FAR = 0.2;

/** With fewer, the autocorrelation time itself is a guess: one day of a price's change over four hours tells nothing. */
const FEWEST_EFFECTIVE = 10;

/** Values in each half below which the halves are not compared. */
const FEWEST = 50;

/**
 * Compares the values of the first half of the rows with those of the second.
 *
 * The distance knows only the order of the values, so that no outlier and no unit counts. Values that last are worth fewer
 * than they are: each half's number is divided by the autocorrelation time of the ranks or of their distance from the
 * middle, whichever is longer, since a column whose sign is noise may still have slow swings in size.
 *
 * @param column - n values in order of time; NaN where missing
 * @param codes - their codes
 * @returns undefined with fewer than 50 values in a half
 * @see Stephens (1970), Use of the Kolmogorov–Smirnov, Cramér–von Mises and Related Statistics Without Extensive Tables
 */
export function drift(column: Float64Array, codes: RankCodes): Drift | undefined {
  const middle = Math.floor(column.length / 2);
  const halves = [codes.code.subarray(0, middle), codes.code.subarray(middle)].map((half) =>
    half.filter((place) => place >= 0),
  );
  const [before, after] = halves as [Int32Array, Int32Array];
  if (before.length < FEWEST || after.length < FEWEST) return undefined;
  const distance = largestGap(before, after, codes.distinct);
  const share = middleShares(halves, codes.distinct);
  const [n1, n2] = [effectiveNumber(before, share), effectiveNumber(after, share)];
  const effectiveRows = (n1 * n2) / (n1 + n2);
  const all = sortedValues(column);
  const spread = sortedQuantile(all, 0.75) - sortedQuantile(all, 0.25);
  const [first, second] = [column.subarray(0, middle), column.subarray(middle)].map(sortedValues);
  const shift = sortedQuantile(second!, 0.5) - sortedQuantile(first!, 0.5);
  return {
    distance,
    medianShift: spread > 0 ? shift / spread : Number.NaN,
    effectiveRows,
    chance: chanceOf(distance, effectiveRows),
  };
}

/**
 * A feature whose halves lie far apart, farther than chance moves them, is to be looked at: a model that learns on the first
 * half is asked about another world. The clock's hours are left out: they drift with the range that was asked for.
 */
export function driftComplaints(
  { inputs }: FeatureEntry,
  found: Drift | undefined,
): readonly Complaint[] {
  if (found === undefined || inputs.every((input) => input === "clock")) return [];
  const { distance, medianShift, effectiveRows, chance } = found;
  if (distance <= FAR || chance >= RARE || effectiveRows < FEWEST_EFFECTIVE) return [];
  const ranges = `${Math.abs(medianShift).toFixed(2)} interquartile ranges`;
  const shift = Number.isNaN(medianShift)
    ? ""
    : `, its median ${ranges} ${medianShift < 0 ? "lower" : "higher"}`;
  const message = `is distributed otherwise in the second half of the rows: distance ${distance.toFixed(2)} of 1${shift}`;
  return [{ check: "drift", severity: "review", message }];
}

function sortedValues(column: Float64Array): Float64Array {
  return column.filter((value) => !Number.isNaN(value)).sort();
}

function largestGap(before: Int32Array, after: Int32Array, distinct: number): number {
  const [first, second] = [new Int32Array(distinct), new Int32Array(distinct)];
  for (const place of before) first[place]!++;
  for (const place of after) second[place]!++;
  let [a, b, largest] = [0, 0, 0];
  for (let c = 0; c < distinct; c++) {
    a += first[c]!;
    b += second[c]!;
    largest = Math.max(largest, Math.abs(a / before.length - b / after.length));
  }
  return largest;
}

/** Mid-distribution function of both halves together, less ½, by code. */
function middleShares(halves: readonly Int32Array[], distinct: number): Float64Array {
  const counts = new Float64Array(distinct);
  for (const half of halves) for (const place of half) counts[place]!++;
  const all = halves.reduce((sum, half) => sum + half.length, 0);
  let below = 0;
  return counts.map((own) => {
    const share = (below + own / 2) / all - 0.5;
    below += own;
    return share;
  });
}

function effectiveNumber(half: Int32Array, share: Float64Array): number {
  const signed = Float64Array.from(half, (place) => share[place]!);
  const times = [signed, signed.map(Math.abs)].map(correlationTime);
  return Math.max(half.length / Math.max(...times), 1);
}

/** The root of the rows, corrected for few of them, turns the distance into one of Kolmogorov's law. */
function chanceOf(distance: number, effectiveRows: number): number {
  const root = Math.sqrt(effectiveRows);
  return kolmogorovTail((root + 0.12 + 0.11 / root) * distance);
}
