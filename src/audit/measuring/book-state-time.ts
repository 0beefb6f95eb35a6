import { counted } from "../../core/counted.js";
import { secondsText } from "../../core/seconds-text.js";
import type { Touch } from "../../market/touch.js";
import { type CheckName, CLEAN } from "../finding.js";
import type { BookType, StateCheck } from "./book-state.js";
import { type HourLimits, Stretches } from "./stretches.js";

/**
 * Finds the stretches of time in which the best prices are in some state.
 *
 * @param options.what - the state in words, for the detail
 * @param options.isIn - whether they are in the state
 * @param options.fatalShare - share of the covered time beyond which it is fatal; never when left out
 */
export function bookStateTime(
  check: CheckName,
  type: BookType,
  {
    what,
    isIn,
    limits,
    fatalShare = Number.POSITIVE_INFINITY,
  }: {
    readonly what: string;
    readonly isIn: (touch: Readonly<Touch>) => boolean;
    readonly limits: HourLimits;
    readonly fatalShare?: number;
  },
): StateCheck {
  const stretches = new Stretches();
  let states = 0;
  let sinceUs = Number.NaN;
  let lastUs = Number.NaN;
  return {
    update: (localUs, { touch }) => {
      lastUs = localUs;
      const isNow = isIn(touch);
      if (isNow) states++;
      if (isNow && Number.isNaN(sinceUs)) sinceUs = localUs;
      if (!isNow && !Number.isNaN(sinceUs)) {
        stretches.add(sinceUs, localUs);
        sinceUs = Number.NaN;
      }
    },
    finish: (covered) => {
      if (!Number.isNaN(sinceUs)) stretches.add(sinceUs, lastUs);
      if (states === 0) return CLEAN;
      const seconds = stretches.totalUs / 1e6;
      const coveredUs = [...covered.values()].reduce((sum, us) => sum + us, 0);
      const finding = {
        check,
        type,
        count: states,
        firstUs: stretches.firstUs,
        isFatal: stretches.totalUs > fatalShare * coveredUs,
        value: seconds,
        unit: "s",
        detail: `${counted(states, "book state was", "book states were")} ${what}, for ${secondsText(seconds)} in all`,
        spans: stretches.spans(),
      } as const;
      const reason = (s: number): string => `book ${what} for ${secondsText(s)}`;
      return { findings: [finding], marks: stretches.marks(covered, limits, reason) };
    },
  };
}
