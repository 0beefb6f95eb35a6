import { quantile } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";
import type { Span } from "../finding.js";

/** Share of the minutes on either side that must lie on their side of the middle, or of the gap between them. */
const CLEAR = 0.9;

/** A minute is of a level that has gone this far to it; a level lasts while the median of three in a row is of it. */
const STAYED = 2 / 3;
const STAYED_MINUTES = 3;

/** A feed's or a venue's change comes at once: where a row makes this share of it, only steps nearly as large are places. */
const ONE_STEP = 0.5;
const NEARLY = 0.75;

/** Values of a level scatter by a fiftieth at least. */
const LEAST_SCATTER = 0.02;

/** What a break is. */
export interface BreakRule {
  /** The median of so many minutes is held beside that of so many before. */
  readonly minutes: number;
  readonly minutesBefore: number;
  /** Least change of the logarithm. */
  readonly leastLog: number;
  /** Times the deviation of the minutes before … */
  readonly scatters: number;
  /** … or this far, as a logarithm, beyond nearly all of them. */
  readonly leastGap: number;
}

/** A lasting change of level. */
export interface LevelBreak {
  /** From the first value at the new level to the last before the level is left again, or to the end. */
  readonly span: Span;
  /** Change of the logarithm. */
  readonly log: number;
}

/**
 * Lasting changes of a series' level: minutes whose following median lies far from the preceding one. The place is the first
 * value beyond the middle of the two levels after which most values stay there.
 *
 * @param timesUs - ascending
 * @param logs - logarithms of the values, of the same length
 */
export function findBreaks(
  timesUs: Float64Array,
  logs: Float64Array,
  rule: BreakRule,
): readonly LevelBreak[] {
  const minutes = minuteMedians(timesUs, logs);
  const found: LevelBreak[] = [];
  // At the beginning there are fewer minutes before; as many as after are enough.
  for (let m = rule.minutes; m + rule.minutes <= minutes.length; m++) {
    const from = Math.max(0, m - rule.minutesBefore);
    const before = minutes.slice(from, m).map(({ median }) => median);
    const after = minutes.slice(m, m + rule.minutes).map(({ median }) => median);
    const level = quantile(before, 0.5);
    const next = quantile(after, 0.5);
    const deviations = before.map((value) => Math.abs(value - level));
    const scatter = 1.4826 * quantile(deviations, 0.5);
    const log = next - level;
    if (Math.abs(log) < rule.leastLog) continue;
    const isFar = Math.abs(log) >= rule.scatters * scatter || gapOf(before, after) >= rule.leastGap;
    if (!isFar) continue;
    const middle = level + log / 2;
    const isBeyond = (value: number): boolean => (log > 0 ? value > middle : value < middle);
    const isClear =
      after.filter(isBeyond).length >= CLEAR * after.length &&
      before.filter(isBeyond).length <= (1 - CLEAR) * before.length;
    if (!isClear) continue;
    const place = placeOf(minutes, m, { logs, level, next });
    const last = lastMinute(minutes, m, { level, log });
    const end = endOf(minutes, last, { logs, level: next, minutes: rule.minutes });
    found.push({ span: [timesUs[place]!, timesUs[Math.max(place, end)]!], log });
    // What comes back is the end of this break, not another.
    m = last + rule.minutesBefore;
  }
  return found;
}

interface Minute {
  /** Rows of the minute. */
  readonly from: number;
  readonly to: number;
  readonly median: number;
}

function minuteMedians(timesUs: Float64Array, logs: Float64Array): readonly Minute[] {
  const minutes: Minute[] = [];
  let from = 0;
  while (from < timesUs.length) {
    const endUs = (Math.floor(timesUs[from]! / MINUTE_US) + 1) * MINUTE_US;
    let to = from + 1;
    while (to < timesUs.length && timesUs[to]! < endUs) to++;
    minutes.push({ from, to, median: quantile(logs.subarray(from, to), 0.5) });
    from = to;
  }
  return minutes;
}

/**
 * The row from which on the rows around the break are likelier those of the new level than of the old one: of all places near
 * it, or of those of a large step, the likeliest, where both levels have the scatter of their own rows (Laplace's law).
 */
function placeOf(
  minutes: readonly Minute[],
  m: number,
  {
    logs,
    level,
    next,
  }: { readonly logs: Float64Array; readonly level: number; readonly next: number },
): number {
  // Medians turn within half of a window, and a market may go some of the way by itself: begin with the last minute that is of
  // the old level, end with the first that is of the new one.
  const way = (at: number): number => (minutes[at]!.median - level) / (next - level);
  let first = m;
  while (first > 0 && way(first) > 1 - STAYED) first--;
  let settled = first;
  while (settled < minutes.length - 1 && way(settled) < STAYED) settled++;
  const from = minutes[first]!.from;
  const to = minutes[settled]!.to;
  const before = scatterOf(logs.subarray(minutes[Math.max(0, first - 10)]!.from, from), level);
  const end = minutes[Math.min(minutes.length - 1, settled + 5)]!.to;
  const after = scatterOf(logs.subarray(to, end), next);
  const stepTo = (row: number): number =>
    row === 0 ? 0 : (logs[row]! - logs[row - 1]!) / (next - level);
  let longest = 0;
  for (let row = from; row < to; row++) longest = Math.max(longest, stepTo(row));
  const leastStep = longest >= ONE_STEP ? NEARLY * longest : Number.NEGATIVE_INFINITY;
  let place = from;
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let row = from; row < to; row++) {
    if (sum <= least && stepTo(row) >= leastStep) {
      least = sum;
      place = row;
    }
    const likelierNext =
      Math.abs(logs[row]! - level) / before - Math.abs(logs[row]! - next) / after;
    sum += likelierNext + Math.log(before / after);
  }
  // Where no row is a step, the new level may begin right after the last.
  return sum < least && longest < ONE_STEP ? Math.min(to, logs.length - 1) : place;
}

/** The last row of a level that is left after a minute; the last of all where nothing comes after it. */
function endOf(
  minutes: readonly Minute[],
  last: number,
  {
    logs,
    level,
    minutes: span,
  }: { readonly logs: Float64Array; readonly level: number; readonly minutes: number },
): number {
  const after = minutes.slice(last + 1, last + 1 + span).map(({ median }) => median);
  if (after.length === 0) return logs.length - 1;
  return placeOf(minutes, last + 1, { logs, level, next: quantile(after, 0.5) }) - 1;
}

/** Mean distance of some values from a level. */
function scatterOf(values: Float64Array, level: number): number {
  const sum = values.reduce((all, value) => all + Math.abs(value - level), 0);
  return Math.max(LEAST_SCATTER, values.length === 0 ? 1 : sum / values.length);
}

/** The last minute of a level that begins within one of some minutes. */
function lastMinute(
  minutes: readonly Minute[],
  m: number,
  { level, log }: { readonly level: number; readonly log: number },
): number {
  const hasStayed = (at: number): boolean => {
    const some = minutes.slice(at, at + STAYED_MINUTES).map(({ median }) => median);
    return (quantile(some, 0.5) - level) / log >= STAYED;
  };
  let at = m;
  while (at < minutes.length - 1 && !hasStayed(at)) at++;
  while (at < minutes.length - 1 && hasStayed(at + 1)) at++;
  return Math.min(at + STAYED_MINUTES - 2, minutes.length - 1);
}

/** How far nearly all of some values lie from nearly all of others. */
function gapOf(before: readonly number[], after: readonly number[]): number {
  const rise = quantile(after, 1 - CLEAR) - quantile(before, CLEAR);
  const fall = quantile(before, 1 - CLEAR) - quantile(after, CLEAR);
  return Math.max(rise, fall);
}
