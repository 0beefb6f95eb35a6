import type { FeatureEntry } from "../feature.js";
import { type MissingCause, missingRule } from "../missing-rule.js";
import { type Complaint, countText } from "./finding.js";
import { ageOf } from "./stream-ages.js";
import type { SymbolColumns } from "./symbol-columns.js";

/** Rows without a value, by cause. With the rows that have one they add up to all rows. */
export type MissingCounts = Readonly<Record<MissingCause, number>>;

/** Counts what is missing of one feature, by cause. */
export function missingCounts(
  entry: FeatureEntry,
  { values, days, ages, barUs }: SymbolColumns,
): MissingCounts {
  const counts: Record<MissingCause, number> = noneMissing();
  const column = values[entry.name]!;
  let hasBegun = false;
  for (const { from, to, source, beginsStream } of days) {
    const causeOf = missingRule(entry, barUs, source);
    if (beginsStream) hasBegun = false;
    for (let row = from; row < to; row++) {
      if (!Number.isNaN(column[row]!)) hasBegun = true;
      else counts[causeOf(ageOf(ages, row), hasBegun)]++;
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
