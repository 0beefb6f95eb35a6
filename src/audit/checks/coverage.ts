// How much of the day is there at all, before the first and after the last event?
import { counted } from "../../core/counted.js";
import { DAY_US, formatUtc, HOUR_US, MINUTE_US, SECOND_US } from "../../core/time.js";
import type { AuditedType } from "../../store/audited-types.js";
import { type CheckResult, CLEAN, type Finding, type HourMark, type Span } from "../finding.js";
import { hourOf } from "../measuring/hours.js";
import type { Pace } from "../measuring/pace.js";
import type { AuditSettings } from "../settings.js";

/** However slow a stream is, this much at an end of the day is absent. */
const MOST_TOLERATED_US = 15 * MINUTE_US;

/**
 * Absent stretches at the day's ends, and rows beyond them; an hour that is there in part is judged on that part and at best
 * usable.
 */
export function coverage(
  type: AuditedType,
  pace: Pace,
  dayUs: number,
  settings: AuditSettings["coverage"],
): CheckResult {
  const { findings, marks } = absentEnds(type, pace, dayUs, settings);
  return { findings: [...findings, ...rowsOutside(type, pace)], marks };
}

function absentEnds(
  type: AuditedType,
  pace: Pace,
  dayUs: number,
  settings: AuditSettings["coverage"],
): CheckResult {
  if (pace.messages === 0) return wholeDayAbsent(type, dayUs, `${type} of this day has no rows`);
  const endUs = dayUs + DAY_US;
  const toleranceUs = toleranceOf(pace, settings);
  const ends: readonly Span[] = [
    [dayUs, pace.firstUs],
    [pace.lastUs, endUs],
  ];
  const absent = ends.filter(([from, to]) => to - from > toleranceUs);
  if (absent.length === 0) return CLEAN;
  const seconds = absent.reduce((sum, [from, to]) => sum + (to - from) / 1e6, 0);
  const marks: HourMark[] = absent.map(([from, to]) => {
    const hourUs = hourOf(from === dayUs ? to : from);
    return { hourUs, verdict: "usable", reason: "the hour is there in part" };
  });
  const clock = (timeUs: number): string => new Date(timeUs / 1000).toISOString().slice(11, 19);
  const finding = {
    check: "coverage",
    type,
    count: absent.length,
    firstUs: absent[0]![0],
    isFatal: false,
    value: seconds,
    unit: "s",
    detail: `${type} of this day: from ${clock(pace.firstUs)} to ${clock(pace.lastUs)}`,
    spans: absent,
  } as const;
  return { findings: [finding], marks };
}

/** What lies in the day's partition and is of another day. */
function rowsOutside(
  type: AuditedType,
  { rowsOutside: rows, firstOutsideUs, lastOutsideUs }: Pace,
): readonly Finding[] {
  if (rows === 0) return [];
  const places = [...new Set([firstOutsideUs, lastOutsideUs])].sort((a, b) => a - b);
  const finding = {
    check: "coverage",
    type,
    count: rows,
    firstUs: places[0]!,
    isFatal: false,
    value: rows,
    unit: "rows",
    detail: `${counted(rows, "row")} arrived outside the day and ${rows === 1 ? "counts" : "count"} for none of its hours: ${places.map(formatUtc).join(" to ")}`,
    spans: places.map((timeUs) => [timeUs, timeUs] as const),
  } as const;
  return [finding];
}

/**
 * A day of which a type has nothing.
 *
 * @param detail - in which way, as a sentence
 */
export function wholeDayAbsent(type: AuditedType, dayUs: number, detail: string): CheckResult {
  const finding = {
    check: "coverage",
    type,
    count: 1,
    firstUs: dayUs,
    isFatal: false,
    value: DAY_US / 1e6,
    unit: "s",
    detail,
    spans: [[dayUs, dayUs + DAY_US]],
  } as const;
  return { findings: [finding], marks: [] };
}

/** µs of each hour between the first and the last event, by start of the hour; nearly whole hours count as whole. */
export function coveredTime(
  pace: Pace,
  dayUs: number,
  settings: AuditSettings["coverage"],
): Map<number, number> {
  const covered = new Map<number, number>();
  if (pace.messages === 0) return covered;
  const toleranceUs = toleranceOf(pace, settings);
  const startUs = pace.firstUs - dayUs > toleranceUs ? pace.firstUs : dayUs;
  const endUs = dayUs + DAY_US - pace.lastUs > toleranceUs ? pace.lastUs : dayUs + DAY_US;
  for (
    let hourUs = hourOf(startUs);
    hourUs <= endUs && hourUs < dayUs + DAY_US;
    hourUs += HOUR_US
  ) {
    covered.set(hourUs, Math.min(endUs, hourUs + HOUR_US) - Math.max(startUs, hourUs));
  }
  return covered;
}

function toleranceOf(pace: Pace, { toleranceSeconds }: AuditSettings["coverage"]): number {
  return Math.max(toleranceSeconds * SECOND_US, Math.min(pace.gapUs(), MOST_TOLERATED_US));
}
