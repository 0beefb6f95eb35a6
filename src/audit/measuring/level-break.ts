// When does a series go to another level, and stay there?
import { quantile } from "../../core/statistics.js";
import type { Span } from "../finding.js";
import { endOf, type Minute, minuteMedians, placeOf, STAYED } from "./break-place.js";

/** Share of the minutes on either side that must lie on their side of the middle, or of the gap between them. */
const CLEAR = 0.9;

/** A level lasts while the median of so many minutes in a row is of it. */
const STAYED_MINUTES = 3;

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
  /** So much of it the first value at the new level makes. */
  readonly step: number;
}

/**
 * Lasting changes of a series' level: minutes whose following median lies far from that of the minutes before. The place is the
 * first value beyond the middle of the two levels after which most values stay there. What goes on to a third level breaks
 * again; what comes back to a level that it was at ends the break, and is none.
 *
 * @param timesUs - ascending
 * @param logs - logarithms of the values, of the same length
 * @returns in order of time; none begins before the one before has ended
 */
export function findBreaks(
  timesUs: Float64Array,
  logs: Float64Array,
  rule: BreakRule,
): readonly LevelBreak[] {
  const minutes = minuteMedians(timesUs, logs);
  const found: { from: number; to: number; log: number }[] = [];
  // Minutes of the level that the series is at, and before them those of the levels that it came from.
  const levels: Minute[][] = [[]];
  for (let m = 0; m < minutes.length; m++) {
    const after = minutes.slice(m, m + rule.minutes);
    returnTo(levels, after, rule);
    const own = levels.at(-1)!;
    const change = changeTo(after, own, rule);
    if (change === undefined) {
      own.push(minutes[m]!);
      continue;
    }
    const { level, next, log } = change;
    const last = lastMinute(minutes, m, { change, rule });
    const from = placeOf(minutes, m, { logs, level, next });
    const to = endOf(minutes, last, { logs, level: next, minutes: rule.minutes });
    const before = found.at(-1);
    if (before !== undefined) before.to = Math.min(before.to, from - 1);
    found.push({ from, to: Math.max(from, to), log });
    levels.push(minutes.slice(Math.min(m + 1, last), last + 1));
    m = last;
  }
  return found.map(({ from, to, log }) => ({
    span: [timesUs[from]!, timesUs[Math.max(from, to)]!],
    log,
    step: logs[from]! - logs[Math.max(0, from - 1)]!,
  }));
}

interface Change {
  readonly level: number;
  readonly next: number;
  readonly log: number;
}

/** The change from a level's last minutes to those that follow; undefined where it is no break. */
function changeTo(
  following: readonly Minute[],
  own: readonly Minute[],
  rule: BreakRule,
): Change | undefined {
  const before = mediansOf(own.slice(-rule.minutesBefore));
  const after = mediansOf(following);
  // At the beginning there are fewer minutes before; as many as after are enough.
  const least = Math.min(rule.minutes, rule.minutesBefore);
  if (before.length < least || after.length < rule.minutes) return undefined;
  const level = quantile(before, 0.5);
  const next = quantile(after, 0.5);
  const log = next - level;
  if (Math.abs(log) < rule.leastLog) return undefined;
  const deviations = before.map((value) => Math.abs(value - level));
  const scatter = 1.4826 * quantile(deviations, 0.5);
  const isFar = Math.abs(log) >= rule.scatters * scatter || gapOf(before, after) >= rule.leastGap;
  if (!isFar) return undefined;
  const middle = level + log / 2;
  const isBeyond = (value: number): boolean => (log > 0 ? value > middle : value < middle);
  const isClear =
    after.filter(isBeyond).length >= CLEAR * after.length &&
    before.filter(isBeyond).length <= (1 - CLEAR) * before.length;
  return isClear ? { level, next, log } : undefined;
}

/** Forgets the levels that a series has left for one that it came from: nearer to it than a break, and than to its own. */
function returnTo(levels: Minute[][], following: readonly Minute[], rule: BreakRule): void {
  if (levels.length === 1) return;
  const next = quantile(mediansOf(following), 0.5);
  const distances = levels.map((level) =>
    Math.abs(next - quantile(mediansOf(level.slice(-rule.minutesBefore)), 0.5)),
  );
  const nearest = distances.indexOf(Math.min(...distances));
  if (nearest < levels.length - 1 && distances[nearest]! < rule.leastLog) {
    levels.length = nearest + 1;
  }
}

/** The last minute of a level that begins within one of some minutes, or the last before it breaks again. */
function lastMinute(
  minutes: readonly Minute[],
  m: number,
  { change: { level, log }, rule }: { readonly change: Change; readonly rule: BreakRule },
): number {
  const hasStayed = (at: number): boolean => {
    const some = mediansOf(minutes.slice(at, at + STAYED_MINUTES));
    return (quantile(some, 0.5) - level) / log >= STAYED;
  };
  const breaksAt = (at: number): boolean => {
    const own = minutes.slice(m + 1, at);
    return changeTo(minutes.slice(at, at + rule.minutes), own, rule) !== undefined;
  };
  let at = m;
  while (at < minutes.length - 1 && !hasStayed(at)) at++;
  while (at < minutes.length - 1 && hasStayed(at + 1)) {
    at++;
    if (breaksAt(at)) return at - 1;
  }
  return Math.min(at + STAYED_MINUTES - 2, minutes.length - 1);
}

function mediansOf(minutes: readonly Minute[]): readonly number[] {
  return minutes.map(({ median }) => median);
}

/** How far nearly all of some values lie from nearly all of others. */
function gapOf(before: readonly number[], after: readonly number[]): number {
  const rise = quantile(after, 1 - CLEAR) - quantile(before, CLEAR);
  const fall = quantile(before, 1 - CLEAR) - quantile(after, CLEAR);
  return Math.max(rise, fall);
}
