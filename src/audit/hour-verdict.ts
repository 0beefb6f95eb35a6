import type { AuditedType } from "../store/audited-types.js";
import type { HourMark } from "./finding.js";
import { hourOfDay } from "./measuring/hours.js";
import type { AgreementCounts } from "./measuring/mismatch.js";

/** What data is worth. */
export type Verdict = "good" | "usable" | "bad";

/** Verdict of one type in one hour. */
export interface HourVerdict {
  readonly type: AuditedType;
  /** Start of the hour, µs. */
  readonly hourUs: number;
  readonly verdict: Verdict;
  readonly reasons: readonly string[];
  /** Messages of the hour, or candles. */
  readonly messages: number;
  /** How the book agreed with the quotes; undefined where there was nothing to compare. */
  readonly quotes: AgreementCounts | undefined;
}

const RANK: Readonly<Record<Verdict, number>> = { good: 0, usable: 1, bad: 2 };

/** The worst of some verdicts; good when there are none. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict = "good";
  for (const verdict of verdicts) if (RANK[verdict] > RANK[result]) result = verdict;
  return result;
}

/** What is known of a type's hours. */
export interface HourFacts {
  readonly marks: readonly HourMark[];
  /** By hour of the day. */
  readonly messagesByHour: ArrayLike<number>;
  readonly agreement: (hourUs: number) => AgreementCounts | undefined;
}

/**
 * Verdict of every hour that has data, or of which a check says something: the worst of its marks, with all reasons. An hour
 * without a message is usable at best.
 *
 * @param hours - starts of the hours that the data covers
 */
export function hourVerdicts(
  type: AuditedType,
  hours: Iterable<number>,
  { marks, messagesByHour, agreement }: HourFacts,
): readonly HourVerdict[] {
  const all = new Set([...hours, ...marks.map(({ hourUs }) => hourUs)]);
  return [...all]
    .sort((a, b) => a - b)
    .map((hourUs) => {
      const messages = messagesByHour[hourOfDay(hourUs)]!;
      const told = marks.filter((mark) => mark.hourUs === hourUs);
      const silent: HourMark = { hourUs, verdict: "usable", reason: "no message in the hour" };
      const own =
        messages > 0 || told.some(({ verdict }) => verdict === "bad") ? told : [...told, silent];
      const quotes = agreement(hourUs);
      return {
        type,
        hourUs,
        verdict: worst(own.map(({ verdict }) => verdict)),
        reasons: [...new Set(own.map(({ reason }) => reason))],
        messages,
        quotes: quotes !== undefined && quotes.compared > 0 ? quotes : undefined,
      };
    });
}
