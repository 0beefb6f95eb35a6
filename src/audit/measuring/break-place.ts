// Where exactly does a level begin, and where does it end?
import { quantile } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";

/** A minute is of a level that has gone this far to it. */
export const STAYED: number = 2 / 3;

/** A feed's or a venue's change comes at once: where a row makes this share of it, only steps nearly as large are places. */
const ONE_STEP = 0.5;
export const NEARLY: number = 0.75;

/** Values of a level scatter by a fiftieth at least. */
const LEAST_SCATTER = 0.02;

/** Values of one minute, as their median. */
export interface Minute {
  /** Rows of the minute. */
  readonly from: number;
  readonly to: number;
  readonly median: number;
}

/** The minutes of a series that have values, in order. */
export function minuteMedians(timesUs: Float64Array, logs: Float64Array): readonly Minute[] {
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
export function placeOf(
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
  // What goes beyond a level is none of the way from one to the other.
  const wayAt = (row: number): number =>
    Math.min(1, Math.max(0, (logs[row]! - level) / (next - level)));
  const stepTo = (row: number): number => (row === 0 ? 0 : wayAt(row) - wayAt(row - 1));
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
export function endOf(
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
