import { numbersToText } from "../../core/exact-numbers.js";
import type { FeatureRow } from "../../features/feature-rows.js";

/** A row as text, which is the same where every bit is: the bar's end, its mask, mid and values. */
export function textOfRow({ barEndUs, mid, values, valid }: FeatureRow): string {
  return `${barEndUs} ${valid} ${numbersToText([mid, ...values])}`;
}

/** Rows that one has and the other has not in the same place, or not the same. */
export function differingRows(found: readonly string[], expected: readonly string[]): number {
  const rows = Math.max(found.length, expected.length);
  let differing = 0;
  for (let row = 0; row < rows; row++) differing += Number(found[row] !== expected[row]);
  return differing;
}
