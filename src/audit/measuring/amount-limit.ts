// From which size on can an amount not be?
import type { SizeClass } from "./places-by-size.js";

/** Median absolute deviation of a normal law to its standard deviation. */
const MAD_TO_DEVIATION = 1.4826;

/** A normal law's deviations below which lie 99 % and 99.9 %; a tail up to this much longer is still one of its kind. */
const NORMAL_TAILS = [
  [0.99, 2.326],
  [0.999, 3.09],
] as const;
const TAIL_SLACK = 1.25;

/** The largest amounts whose mean distance from the least of them is the tail's; a shorter tail is not believed. */
const TAIL_AMOUNTS = 50;
const LEAST_TAIL = 0.3;

/** Gaps so many tails long come in one market of a thousand: the odds fall with the amounts above them, of whom each could. */
const GAP_TAILS = 7;

/** When amounts are judged, and from where on one is odd. */
export interface AmountRule {
  /** With fewer amounts none is judged. */
  readonly leastAmounts: number;
  /** Deviations of the amounts' logarithms above their median. */
  readonly amountDeviations: number;
  /** A deviation is never taken for less, in logarithms. */
  readonly leastDeviation: number;
  /** Times the amount that one in a thousand exceeds, where the tail is longer than a log-normal law's. */
  readonly amountTails: number;
}

/**
 * Least logarithm of an amount that cannot be. Where the tail is no longer than a log-normal law's, it is so many robust
 * deviations (1.4826 × the median distance from the median) above the median. Healthy markets have longer ones: there, and
 * where the deviations hide an error, the amounts must lie beyond a gap that their tail (Hill, 1975) does not explain.
 *
 * @param classes - the smallest first
 * @returns infinite when none is odd
 */
export function amountLimit(classes: readonly SizeClass[], rule: AmountRule): number {
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  if (total < rule.leastAmounts) return Number.POSITIVE_INFINITY;
  const median = quantileOf(classes, 0.5);
  const distances = classes
    .map(({ log, count }) => ({ log: Math.abs(log - median), count }))
    .sort((a, b) => a.log - b.log);
  const deviation = MAD_TO_DEVIATION * quantileOf(distances, 0.5);
  const limit = median + rule.amountDeviations * Math.max(rule.leastDeviation, deviation);
  const below = classes.filter(({ log }) => log < limit);
  const isShortTailed = NORMAL_TAILS.every(
    ([level, normal]) => quantileOf(below, level) - median <= TAIL_SLACK * normal * deviation,
  );
  return Math.min(isShortTailed ? limit : Number.POSITIVE_INFINITY, gapLimit(classes, total, rule));
}

/** The lowest class above a gap that is too long for the tail of those below it. */
function gapLimit(classes: readonly SizeClass[], total: number, rule: AmountRule): number {
  let above = 0;
  let limit = Number.POSITIVE_INFINITY;
  for (let i = classes.length - 1; i > 0; i--) {
    above += classes[i]!.count;
    if (2 * above > total) break;
    // Of k amounts above it the gap to the next has 1 / k of the tail as its mean.
    const tails = (GAP_TAILS + 2 * Math.log(above)) / above;
    const gap = classes[i]!.log - classes[i - 1]!.log;
    if (gap <= tails * LEAST_TAIL) continue;
    const below = classes.slice(0, i);
    const isFar = classes[i]!.log >= quantileOf(below, 0.999) + Math.log(rule.amountTails);
    if (isFar && gap > tails * Math.max(LEAST_TAIL, tailOf(below))) limit = classes[i]!.log;
  }
  return limit;
}

/** Mean distance of the largest from the least of them. */
function tailOf(classes: readonly SizeClass[]): number {
  let count = 0;
  let sum = 0;
  let i = classes.length;
  while (count < TAIL_AMOUNTS && i > 0) {
    i--;
    count += classes[i]!.count;
    sum += classes[i]!.count * classes[i]!.log;
  }
  return sum / count - classes[i]!.log;
}

function quantileOf(classes: readonly SizeClass[], level: number): number {
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  let left = level * total;
  for (const { log, count } of classes) {
    left -= count;
    if (left <= 0) return log;
  }
  return Number.NaN;
}
