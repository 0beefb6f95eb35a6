/** Σ weight · value over rows: a column's sum over a resample. */
export function weightedSum(weight: Uint32Array, values: ArrayLike<number>): number {
  // Four sums side by side, because each addition has to wait for the one before it.
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < weight.length; i += 4) {
    a += weight[i]! * values[i]!;
    b += weight[i + 1]! * values[i + 1]!;
    c += weight[i + 2]! * values[i + 2]!;
    d += weight[i + 3]! * values[i + 3]!;
  }
  for (; i < weight.length; i++) a += weight[i]! * values[i]!;
  return a + b + (c + d);
}

/** Σ weight: rows of a resample, repeats counted. */
export function totalWeight(weight: Uint32Array): number {
  let sum = 0;
  for (let i = 0; i < weight.length; i++) sum += weight[i]!;
  return sum;
}
