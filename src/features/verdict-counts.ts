import type { RowVerdict } from "./hourly-verdicts.js";

/** How many rows have which verdict. */
export type VerdictCounts = Readonly<Record<RowVerdict, number>>;

/** Counts a column of verdicts. */
export function countVerdicts(column: readonly RowVerdict[]): VerdictCounts {
  const counts = { good: 0, usable: 0, bad: 0, unknown: 0 };
  for (const verdict of column) counts[verdict]++;
  return counts;
}

/** Counts of several columns together. */
export function sumVerdicts(columns: readonly VerdictCounts[]): VerdictCounts {
  const sum = { good: 0, usable: 0, bad: 0, unknown: 0 };
  for (const counts of columns) {
    for (const verdict of ["good", "usable", "bad", "unknown"] as const) {
      sum[verdict] += counts[verdict];
    }
  }
  return sum;
}
