import type { FeatureEntry } from "../feature.js";
import { hasBit } from "../stream-clock.js";
import { type Complaint, countText, shortText } from "./finding.js";

/** Values of one feature against what the catalogue says of them. */
export interface Ranges {
  /** Rows with a value. */
  readonly values: number;
  /** Smallest and largest value; null when there is none. */
  readonly least: number | null;
  readonly largest: number | null;
  /** Values outside the catalogue's range, or infinite. */
  readonly outside: number;
  /** Rows whose mask bit and value disagree. */
  readonly wrongBits: number;
}

/**
 * Compares a column with the catalogue's range and with its bits of the masks.
 *
 * @param column - n values; NaN where missing
 * @param valid - n masks
 */
export function ranges(
  { number, range }: FeatureEntry,
  column: Float64Array,
  valid: BigUint64Array,
): Ranges {
  let [values, outside, wrongBits] = [0, 0, 0];
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
    if (hasBit(valid[row]!, number - 1) === Number.isNaN(value)) wrongBits++;
    if (Number.isNaN(value)) continue;
    values++;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
    if (value < range[0] || value > range[1] || !Number.isFinite(value)) outside++;
  }
  const isEmpty = values === 0;
  return {
    values,
    least: isEmpty ? null : least,
    largest: isEmpty ? null : largest,
    outside,
    wrongBits,
  };
}

/** Values out of range and wrong bits are faults: a definition or its implementation is wrong. */
export function rangeComplaints(
  { range }: FeatureEntry,
  { values, least, largest, outside, wrongBits }: Ranges,
): readonly Complaint[] {
  const complaints: Complaint[] = [];
  if (outside > 0) {
    const found = `they go from ${shortText(least!)} to ${shortText(largest!)}`;
    complaints.push({
      check: "range",
      severity: "fault",
      message: `has ${countText(outside)} of ${countText(values)} values ${beyondText(range)}: ${found}`,
    });
  }
  if (wrongBits > 0) {
    const message = `has ${countText(wrongBits)} mask bits that disagree with their value`;
    complaints.push({ check: "mask", severity: "fault", message });
  }
  return complaints;
}

function beyondText([low, high]: FeatureEntry["range"]): string {
  if (Number.isFinite(high)) return `outside ${low} to ${high}`;
  return Number.isFinite(low) ? `below ${low} or infinite` : "that are infinite";
}
