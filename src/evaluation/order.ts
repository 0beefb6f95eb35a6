/**
 * Row numbers from the lowest probability to the highest; rows of equal probability keep their order.
 *
 * @returns a permutation of 0 … n − 1; NaN sorts last
 */
export function orderByProbability(probability: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: probability.length }, (_, i) => i);
  // Bootstrap replicates come sorted already, and that is most of the calls.
  if (order.every((i) => i === 0 || probability[i - 1]! <= probability[i]!)) return order;
  const key = (i: number): number =>
    Number.isNaN(probability[i]!) ? Number.POSITIVE_INFINITY : probability[i]!;
  return order.sort((i, j) => compare(key(i), key(j)) || i - j);
}

function compare(a: number, b: number): number {
  return a < b ? -1 : Number(a > b);
}
