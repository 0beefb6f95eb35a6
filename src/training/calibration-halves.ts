import type { Dataset } from "../dataset/matrix.js";

/** The calibration slice cut in two: what is fitted on one half is not asked about on it again. */
export interface CalibrationHalves {
  /** Rows before the cut whose labels end before it. */
  readonly first: Uint32Array;
  /** Rows from the cut on. */
  readonly second: Uint32Array;
  /** Rows before the cut whose labels reach it: left out. */
  readonly purged: number;
}

/**
 * Cuts rows into two halves in time, over all symbols at once: at the bar end that half of the rows lie before. No bar is in both
 * halves, and no label of the first reaches the second.
 *
 * @param rows - of the calibration slice, in the dataset's order
 * @returns both in the dataset's order
 */
export function calibrationHalves(
  { barEndUs, labelEndUs }: Pick<Dataset, "barEndUs" | "labelEndUs">,
  rows: Uint32Array,
): CalibrationHalves {
  const times = Float64Array.from(rows, (row) => barEndUs[row]!).sort();
  const cutUs = times[Math.floor(times.length / 2)] ?? Number.NaN;
  const before = rows.filter((row) => barEndUs[row]! < cutUs);
  // A label whose end is not known is purged too.
  const first = before.filter((row) => labelEndUs[row]! < cutUs);
  const second = rows.filter((row) => barEndUs[row]! >= cutUs);
  return { first, second, purged: before.length - first.length };
}
