// What are all the hours and findings together worth?
import type { AuditedType } from "../store/audited-types.js";
import type { Finding } from "./finding.js";
import { type HourVerdict, type Verdict, worst } from "./hour-verdict.js";

/** From this share of bad hours on, a symbol's type is bad as a whole. */
const BAD_SHARE = 0.5;

type Hour = Pick<HourVerdict, "type" | "verdict"> & { readonly symbol: string };

/** A symbol's type of whose hours so many are bad that all is. */
export interface BadStream {
  readonly symbol: string;
  readonly type: AuditedType;
  readonly badHours: number;
  readonly hours: number;
}

/** Types of symbols of whose hours at least half are bad, in the order in which they come. */
export function badStreams(hours: readonly Hour[]): readonly BadStream[] {
  const streams = new Map<string, { -readonly [Name in keyof BadStream]: BadStream[Name] }>();
  for (const { symbol, type, verdict } of hours) {
    const key = `${symbol} ${type}`;
    const stream = streams.get(key) ?? { symbol, type, badHours: 0, hours: 0 };
    stream.hours++;
    if (verdict === "bad") stream.badHours++;
    streams.set(key, stream);
  }
  return [...streams.values()].filter((stream) => stream.badHours >= BAD_SHARE * stream.hours);
}

/**
 * Bad when a finding is fatal, or at least half of the hours of any type of any symbol are bad: what is built on several types
 * is as good as the worst of them. Good when nothing was found.
 */
export function overallVerdict(
  findings: readonly Pick<Finding, "isFatal">[],
  hours: readonly Hour[],
): Verdict {
  if (findings.some(({ isFatal }) => isFatal) || badStreams(hours).length > 0) return "bad";
  if (findings.length > 0) return "usable";
  return worst(hours.map(({ verdict }) => verdict));
}
