/**
 * A column by the order of its values: each row has the place of its value among the distinct ones. Ranks of any subset of
 * rows follow from it by counting, without sorting anew.
 */
export interface RankCodes {
  /** n places from 0 on, equal for equal values; −1 where the value is missing. */
  readonly code: Int32Array;
  /** Number of distinct values. */
  readonly distinct: number;
}

/**
 * Codes of a column.
 *
 * @param values - n values; NaN where missing
 */
export function rankCodes(values: Float64Array): RankCodes {
  // Typed arrays sort by number, NaN last, −0 before 0; adding 0 makes one zero of the two.
  const sorted = values.map((value) => value + 0).sort();
  let distinct = 0;
  for (let i = 0; i < sorted.length && !Number.isNaN(sorted[i]!); i++) {
    if (i === 0 || sorted[i] !== sorted[distinct - 1]) sorted[distinct++] = sorted[i]!;
  }
  const levels = sorted.subarray(0, distinct);
  const code = Int32Array.from(values, (value) =>
    Number.isNaN(value) ? -1 : placeOf(levels, value),
  );
  return { code, distinct };
}

function placeOf(levels: Float64Array, value: number): number {
  let low = 0;
  let high = levels.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (levels[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
