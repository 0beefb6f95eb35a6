import type { AuditedType } from "../store/audited-types.js";

/** Names of the checks; the command line's JSON holds the same. */
export const CHECK_NAMES = [
  "gap",
  "reconnect",
  "duplicate",
  "order",
  "clock-offset",
  "clock-drift",
  "sequence-jump",
  "crossed-book",
  "locked-book",
  "quote-mismatch",
  "snapshot-mismatch",
  "frozen-level",
  "stale-book",
  "trade-outside-book",
  "outlier",
  "regime-break",
  "zero-volume",
  "one-sided",
  "rejected-row",
  "coverage",
  "source-mismatch",
] as const;

/** Name of a check. */
export type CheckName = (typeof CHECK_NAMES)[number];

/** A stretch of time, start and end in µs; a single row's are equal. */
export type Span = readonly [number, number];

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
  readonly unit:
    | "s"
    | "s a day"
    | "rows"
    | "share"
    | "messages"
    | "minutes"
    | "ids"
    | "times"
    | "bps";
  /** Where it was found, in order of time: the longest stretches, at most 100. */
  readonly spans: readonly Span[];
}

/** What a finding means for one hour. */
export interface HourMark {
  /** Start of the hour, µs. */
  readonly hourUs: number;
  readonly verdict: "usable" | "bad";
  readonly reason: string;
  /** The type whose hour it is, where that is not the one that was looked at. */
  readonly type?: AuditedType;
}

/** What a check gives after its last row. */
export interface CheckResult {
  readonly findings: readonly Finding[];
  readonly marks: readonly HourMark[];
}

/** Nothing found. */
export const CLEAN: CheckResult = { findings: [], marks: [] };
