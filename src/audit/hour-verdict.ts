import type { AuditedType, HourMark } from "./finding.js";

/** What data is worth. */
export type Verdict = "good" | "usable" | "bad";

/** Verdict of one type in one hour. */
export interface HourVerdict {
  readonly type: AuditedType;
  /** Start of the hour, µs. */
  readonly hourUs: number;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
}

const RANK: Readonly<Record<Verdict, number>> = { good: 0, usable: 1, bad: 2 };

/** The worst of some verdicts; good when there are none. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict = "good";
  for (const verdict of verdicts) if (RANK[verdict] > RANK[result]) result = verdict;
  return result;
}

/**
 * Verdict of every hour that has data: the worst of its marks, with all reasons.
 *
 * @param hours - starts of the hours that the data covers; marks of other hours are dropped
 */
export function hourVerdicts(
  type: AuditedType,
  hours: Iterable<number>,
  marks: readonly HourMark[],
): readonly HourVerdict[] {
  return [...hours].map((hourUs) => {
    const own = marks.filter((mark) => mark.hourUs === hourUs);
    return {
      type,
      hourUs,
      verdict: worst(own.map(({ verdict }) => verdict)),
      reasons: own.map(({ reason }) => reason),
    };
  });
}
