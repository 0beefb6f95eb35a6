/** Smallest and largest of some numbers. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Range of the first `count` values.
 *
 * @returns undefined when there are none, or NaN is among them, which has no place in an order
 */
export function rangeOf(values: Float64Array, count: number): Range | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
    if (Number.isNaN(value)) return undefined;
  }
  return low > high ? undefined : { low, high };
}
