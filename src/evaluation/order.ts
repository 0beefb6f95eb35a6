/**
 * Row numbers from the lowest probability to the highest; rows of equal probability keep their order.
 *
 * @returns a permutation of 0 … n − 1; NaN sorts last
 */
export function orderByProbability(probability: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: probability.length }, (_, i) => i);
  const key = Float64Array.from(probability, (p) =>
    Number.isNaN(p) ? Number.POSITIVE_INFINITY : p,
  );
  return order.sort((i, j) => key[i]! - key[j]! || i - j);
}

/** Rows from the lowest probability to the highest; all columns have the same length. */
export interface RankedRows {
  /** Place of each among the rows as they were given. */
  readonly order: Uint32Array;
  readonly probability: Float64Array;
  readonly outcome: Float64Array;
}

/** Sorts rows by probability, once for all resamples of them. */
export function rankRows(probability: ArrayLike<number>, outcome: ArrayLike<number>): RankedRows {
  const order = orderByProbability(probability);
  return {
    order,
    probability: Float64Array.from(order, (i) => probability[i]!),
    outcome: Float64Array.from(order, (i) => outcome[i]!),
  };
}

/**
 * Puts weights of rows into the order of their ranks.
 *
 * @param ranked - overwritten, and returned
 */
export function rankWeight(
  { order }: Pick<RankedRows, "order">,
  weight: Uint32Array,
  ranked: Uint32Array,
): Uint32Array {
  for (let k = 0; k < order.length; k++) ranked[k] = weight[order[k]!]!;
  return ranked;
}
