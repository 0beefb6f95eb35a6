// Why has a feature no value in a row?
import { type FeatureEntry, lookbackOf, warmUpOf } from "./feature.js";
import { type DaySource, lacksSource } from "./lacks-source.js";
import type { StreamAge } from "./stream-clock.js";

/**
 * Why a value is missing; the first that holds.
 * - `source`: the data that the day was made from has no book (or not so deep a one) or no trades, and it needs them.
 * - `no book`: it needs a book, and none was valid at the bar's end; or, once it has warmed up, at the end of a bar that it
 *   looks back on or of the one before those, where the first of them begins. A stream has no book before it begins.
 * - `warm-up`: fewer bars than it needs since the stream's first trade, or its first valid book where it needs one, or 00:00
 *   where it begins anew each day; or a recursion that has not begun yet.
 * - `no trade`: nothing traded in any of the bars that it looks at.
 * - `undefined`: a zero or undefined denominator although enough bars are there: no price moved, nothing was bought.
 */
export type MissingCause = (typeof MISSING_CAUSES)[number];

/** All causes, in the order in which they are shown. */
export const MISSING_CAUSES = ["source", "no book", "warm-up", "no trade", "undefined"] as const;

/**
 * Tells why a feature's value is missing in a row.
 *
 * @param age - of the row
 * @param hasBegun - whether the feature had a value before in the stream
 */
export type MissingRule = (age: StreamAge, hasBegun: boolean) => MissingCause;

/**
 * The rule of a feature, for rows of one length of bars that were made from one kind of data.
 *
 * @param barUs - length of a bar, µs
 */
export function missingRule(entry: FeatureEntry, barUs: number, source: DaySource): MissingRule {
  if (lacksSource(entry, source)) return () => "source";
  const warmUpBars = warmUpOf(entry, barUs);
  const lookbackBars = lookbackOf(entry, barUs);
  const needsBook = entry.inputs.includes("book");
  const needsTrades = entry.inputs.includes("trades");
  const isDaily = entry.isDaily === true;
  // A recursion takes as long to begin as the market lets it: its catalogue entry says the least.
  const isRecursion = entry.lookbackBars === Number.POSITIVE_INFINITY;
  return (age, hasBegun) => {
    if (needsBook && age.bookBars === 0) return "no book";
    const isYoung =
      (needsTrades && age.sinceTrade < warmUpBars) ||
      (needsBook && age.sinceBook < warmUpBars) ||
      (isDaily && age.sinceMidnight < warmUpBars);
    if (warmUpBars > 0 && isYoung) return "warm-up";
    const looksBack = isDaily ? age.sinceMidnight + 1 : lookbackBars;
    if (needsBook && age.bookBars <= looksBack) return "no book";
    if (needsTrades && age.quietBars >= looksBack) return "no trade";
    return isRecursion && !hasBegun ? "warm-up" : "undefined";
  };
}
