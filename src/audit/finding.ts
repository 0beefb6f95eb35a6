import { HOUR_US } from "../core/time.js";

/** Names of the checks; the command line's JSON holds the same. */
export type CheckName =
  | "gap"
  | "reconnect"
  | "duplicate"
  | "order"
  | "clock-offset"
  | "crossed-book"
  | "locked-book"
  | "quote-mismatch"
  | "one-sided"
  | "rejected-row"
  | "coverage";

/** Types of data that are audited. */
export type AuditedType = "trades" | "incremental_book_L2" | "quotes";

/** All audited types, in the order they are read. */
export const AUDITED_TYPES: readonly AuditedType[] = ["trades", "incremental_book_L2", "quotes"];

/** What one check found in one type of one day; findings exist only for what was found. */
export interface Finding {
  readonly check: CheckName;
  readonly type: AuditedType;
  /** How often, at least 1. */
  readonly count: number;
  /** Arrival time of the first place, µs. */
  readonly firstUs: number;
  /** True when nothing built on the data can be trusted. */
  readonly isFatal: boolean;
  /** What was found, as a sentence with figures. */
  readonly detail: string;
  /** The finding's size in `unit`. */
  readonly value: number;
  readonly unit: "s" | "rows" | "share" | "messages";
  /** The first stretches of time it holds for, start and end in µs, at most 100. */
  readonly spans?: readonly (readonly [number, number])[];
}

/** What a finding means for one hour. */
export interface HourMark {
  /** Start of the hour, µs. */
  readonly hourUs: number;
  readonly verdict: "usable" | "bad";
  readonly reason: string;
}

/** What a check gives after its last row. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly marks: readonly HourMark[];
}

/** Nothing found. */
export const CLEAN: CheckResult = { findings: [], marks: [] };

/** Columns that every audited table has. */
export interface TimedRows {
  readonly localTimestampUs: Float64Array;
  readonly timestampUs: Float64Array;
}

/** A check that reads rows of one type in stored order. */
export interface RowCheck<Rows extends TimedRows = TimedRows> {
  update(rows: Rows): void;
  finish(): CheckResult;
}

/** Start of the hour that holds a time. */
export function hourOf(timeUs: number): number {
  return Math.floor(timeUs / HOUR_US) * HOUR_US;
}

/**
 * How much of each hour stretches of time take.
 *
 * @param spans - start and end, µs
 * @returns µs by start of the hour
 */
export function timeByHour(spans: Iterable<readonly [number, number]>): Map<number, number> {
  const sums = new Map<number, number>();
  for (const [startUs, endUs] of spans) {
    for (let hour = hourOf(startUs); hour < endUs; hour += HOUR_US) {
      const inside = Math.min(endUs, hour + HOUR_US) - Math.max(startUs, hour);
      sums.set(hour, (sums.get(hour) ?? 0) + inside);
    }
  }
  return sums;
}
