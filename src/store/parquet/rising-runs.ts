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
 * @returns undefined when it falls somewhere, or its runs are short
 */
export function risingRuns(column: Float64Array, rows: number): RisingRuns | undefined {
  const most = Math.floor(rows / SHORTEST_MEAN);
  if (most === 0) return undefined;
  const values = new Float64Array(most);
  const ends = new Uint32Array(most);
  let before = column[0]!;
  let count = 0;
  for (let i = 1; i < rows; i++) {
    const value = column[i]!;
    if (value === before) continue;
    // The last run is added behind the loop.
    if (!(value > before) || count === most - 1) return undefined;
    values[count] = before;
    ends[count++] = i;
    before = value;
  }
  values[count] = before;
  ends[count++] = rows;
  return Number.isNaN(before)
    ? undefined
    : { values: values.subarray(0, count), ends: ends.subarray(0, count) };
}
