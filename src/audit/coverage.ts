// How much of the day is there at all, before the first and after the last event?
import { DAY_US, HOUR_US } from "../core/time.js";
import { type AuditedType, type CheckResult, CLEAN, type HourMark, hourOf } from "./finding.js";
import type { Pace } from "./pace.js";
import type { AuditSettings } from "./settings.js";

/** Absent stretches at the day's ends; an hour that is there in part is judged on that part and at best usable. */
export function coverage(
  type: AuditedType,
  pace: Pace,
  dayUs: number,
  { coverageToleranceUs }: AuditSettings,
): CheckResult {
  const endUs = dayUs + DAY_US;
  if (pace.messages === 0) return wholeDayAbsent(type, dayUs);
  const toleranceUs = Math.max(coverageToleranceUs, pace.gapUs());
  const absent = (
    [
      [dayUs, pace.firstUs],
      [pace.lastUs, endUs],
    ] as const
  ).filter(([from, to]) => to - from > toleranceUs);
  if (absent.length === 0) return CLEAN;
  const seconds = absent.reduce((sum, [from, to]) => sum + (to - from) / 1e6, 0);
  const marks: HourMark[] = absent.map(([from, to]) => {
    const hourUs = hourOf(from === dayUs ? to : from);
    return { hourUs, verdict: "usable", reason: "the hour is there in part" };
  });
  const finding = {
    check: "coverage",
    type,
    count: absent.length,
    firstUs: absent[0]![0],
    isFatal: false,
    value: seconds,
    unit: "s",
    detail: `${(seconds / 3600).toFixed(2)} of 24 hours are absent at the day's ends`,
    spans: absent,
  } as const;
  return { findings: [finding], marks };
}

/** A day that other types or days of the request have and this one has not. */
export function wholeDayAbsent(type: AuditedType, dayUs: number): CheckResult {
  const finding = {
    check: "coverage",
    type,
    count: 1,
    firstUs: dayUs,
    isFatal: false,
    value: DAY_US / 1e6,
    unit: "s",
    detail: `no ${type} on this day`,
    spans: [[dayUs, dayUs + DAY_US]],
  } as const;
  return { findings: [finding], marks: [] };
}

/** µs of each hour between the first and the last event, by start of the hour; nearly whole hours count as whole. */
export function coveredTime(
  pace: Pace,
  dayUs: number,
  { coverageToleranceUs }: AuditSettings,
): Map<number, number> {
  const covered = new Map<number, number>();
  if (pace.messages === 0) return covered;
  const toleranceUs = Math.max(coverageToleranceUs, pace.gapUs());
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
