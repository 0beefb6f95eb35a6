import { DAY_US, MINUTE_US } from "../../core/time.js";
import type { Finding, HourMark } from "../finding.js";
import { hourOf } from "../measuring/hours.js";

/** Names of the checks of candles. */
type CandleCheckName =
  | "gap"
  | "zero-volume"
  | "duplicate"
  | "order"
  | "outlier"
  | "source-mismatch";

/** What one check found in a day's candles; `firstUs` and `spans` are times of bars. */
export type CandleFinding = Omit<Finding, "check" | "type" | "unit"> & {
  readonly check: CandleCheckName;
  readonly type: "candles";
  readonly unit: "s" | "rows" | "share";
};

/** What a check of candles gives. */
export interface CandleCheckResult {
  readonly findings: readonly CandleFinding[];
  readonly marks: readonly HourMark[];
}

/** Nothing found. */
export const CLEAN_CANDLES: CandleCheckResult = { findings: [], marks: [] };

/** Minutes of a day. */
export const DAY_MINUTES: number = DAY_US / MINUTE_US;

/** Spans that a finding holds at most. */
const MOST_SPANS = 100;

/** Consecutive minutes as a finding's spans, the first 100: start and end of each run, µs. */
export function runSpans(
  runs: readonly (readonly [first: number, minutes: number])[],
  dayUs: number,
): readonly (readonly [number, number])[] {
  return runs.slice(0, MOST_SPANS).map(([first, minutes]) => {
    const startUs = dayUs + first * MINUTE_US;
    return [startUs, startUs + minutes * MINUTE_US];
  });
}

/**
 * Marks of the hours in which something is true of some minutes.
 *
 * @param minutes - minutes of the day, counted from 0, in which it is true
 * @param mark - verdict and reason of an hour with so many of them; undefined for none
 */
export function markHours(
  minutes: Iterable<number>,
  dayUs: number,
  mark: (count: number) => Omit<HourMark, "hourUs"> | undefined,
): readonly HourMark[] {
  const counts = new Map<number, number>();
  for (const minute of minutes) {
    const hourUs = hourOf(dayUs + minute * MINUTE_US);
    counts.set(hourUs, (counts.get(hourUs) ?? 0) + 1);
  }
  return [...counts].flatMap(([hourUs, count]) => {
    const said = mark(count);
    return said === undefined ? [] : [{ hourUs, ...said }];
  });
}

/** "1 minute", "5 minutes". */
export function minutesText(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "minute" : "minutes"}`;
}
