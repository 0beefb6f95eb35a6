import { NO_BOOK_BIT } from "../catalogue.js";
import { type FeatureEntry, lookbackOf, warmUpOf } from "../feature.js";
import { type Complaint, countText } from "./finding.js";
import { lacksSource } from "./lacks-source.js";
import { hasBit, type RowAges } from "./stream-ages.js";
import type { SymbolColumns } from "./symbol-columns.js";

/**
 * Why a value is missing; the first that holds.
 * - `source`: the data that the day was made from has no book (or not so deep a one) or no trades, and it needs them.
 * - `no book`: it needs a book, and none was valid at the bar's end, or at the end of more than half of the bars it looks
 *   back on.
 * - `warm-up`: fewer bars than it needs since the stream's first trade, or its first valid book where it needs one, or 00:00
 *   where it begins anew each day; or a recursion that has not begun yet.
 * - `no trade`: nothing traded in any of the bars that it looks at.
 * - `undefined`: a zero or undefined denominator although enough bars are there: no price moved, one side was empty.
 */
export type MissingCause = (typeof MISSING_CAUSES)[number];

/** All causes, in the order in which they are shown. */
export const MISSING_CAUSES = ["source", "no book", "warm-up", "no trade", "undefined"] as const;

/** Rows without a value, by cause. With the rows that have one they add up to all rows. */
export type MissingCounts = Readonly<Record<MissingCause, number>>;

/** Counts what is missing of one feature, by cause. */
export function missingCounts(entry: FeatureEntry, columns: SymbolColumns): MissingCounts {
  const counts: Record<MissingCause, number> = noneMissing();
  const values = columns.values[entry.name]!;
  // A recursion takes as long to begin as the market lets it: its catalogue entry says the least.
  const isRecursion = entry.lookbackBars === Number.POSITIVE_INFINITY;
  let isBegun = false;
  for (const { from, to, source, beginsStream } of columns.days) {
    const isLacking = lacksSource(entry, source);
    if (beginsStream) isBegun = false;
    for (let row = from; row < to; row++) {
      if (!Number.isNaN(values[row]!)) {
        isBegun = true;
        continue;
      }
      const cause = isLacking ? "source" : missingCause(entry, columns, row);
      counts[cause === "undefined" && isRecursion && !isBegun ? "warm-up" : cause]++;
    }
  }
  return counts;
}

/** Of a feature that misses nothing. */
export function noneMissing(): Record<MissingCause, number> {
  return { source: 0, "no book": 0, "warm-up": 0, "no trade": 0, undefined: 0 };
}

/** A feature without any value, though bars enough were there for one, deserves a look. */
export function missingComplaints(values: number, missing: MissingCounts): readonly Complaint[] {
  if (values > 0 || missing.undefined === 0) return [];
  const message = `has no value at all, and ${countText(missing.undefined)} rows are past its warm-up`;
  return [{ check: "missing", severity: "review", message }];
}

function missingCause(entry: FeatureEntry, columns: SymbolColumns, row: number): MissingCause {
  const { ages, valid, barUs } = columns;
  const { inputs } = entry;
  const warmUpBars = warmUpOf(entry, barUs);
  const needsBook = inputs.includes("book");
  if (needsBook && hasBit(valid[row]!, NO_BOOK_BIT)) return "no book";
  if (warmUpBars > 0 && ageOf(entry, ages, row) < warmUpBars) return "warm-up";
  const looksBack = lookback(entry, columns, row);
  if (inputs.includes("trades") && ages.quietBars[row]! >= looksBack) return "no trade";
  if (needsBook && booklessBars(ages, row, looksBack) > looksBack / 2) return "no book";
  return "undefined";
}

/** Bars since all that a feature's warm-up waits for was there; −1 before. */
function ageOf({ inputs, isDaily }: FeatureEntry, ages: RowAges, row: number): number {
  return Math.min(
    inputs.includes("trades") ? ages.sinceTrade[row]! : Number.POSITIVE_INFINITY,
    inputs.includes("book") ? ages.sinceBook[row]! : Number.POSITIVE_INFINITY,
    isDaily === true ? ages.sinceMidnight[row]! : Number.POSITIVE_INFINITY,
  );
}

/** Bars that a value looks at; those of a daily one since 00:00. */
function lookback(entry: FeatureEntry, { ages, barUs }: SymbolColumns, row: number): number {
  return entry.isDaily === true ? ages.sinceMidnight[row]! + 1 : lookbackOf(entry, barUs);
}

function booklessBars(
  { booklessBars: sums, earlierBookless: earlier }: RowAges,
  row: number,
  bars: number,
): number {
  const before = row - bars;
  return sums[row]! - ((before >= 0 ? sums[before] : earlier[earlier.length + before]) ?? 0);
}
