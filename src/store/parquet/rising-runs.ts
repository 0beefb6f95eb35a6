/** A column that rises in steps: its values in order, and the row after the last of each. */
export interface RisingRuns {
  readonly values: Float64Array;
  readonly ends: Uint32Array;
}

/** Steps shorter than this on average are better told by their differences. */
const SHORTEST_MEAN = 6;

/**
 * Finds the runs of equal values of a column that never falls, such as arrival times of messages of many rows.
 *
 * @param ends - room for one per row, which is filled
 * @returns undefined when it falls somewhere, or its runs are short
 */
export function risingRuns(
  column: Float64Array,
  rows: number,
  ends: Uint32Array,
): RisingRuns | undefined {
  const most = Math.floor(rows / SHORTEST_MEAN);
  if (most === 0) return undefined;
  let before = column[0]!;
  let count = 0;
  for (let i = 1; i < rows; i++) {
    const value = column[i]!;
    if (value === before) continue;
    // The last run is added behind the loop.
    if (!(value > before) || count === most - 1) return undefined;
    ends[count++] = i;
    before = value;
  }
  if (Number.isNaN(before)) return undefined;
  ends[count++] = rows;
  const values = Float64Array.from({ length: count }, (_, run) => column[ends[run]! - 1]!);
  return { values, ends: ends.subarray(0, count) };
}
