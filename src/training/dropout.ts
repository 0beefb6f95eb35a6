/**
 * Factors of dropout: 0 for a silenced unit, 1/(1 − dropout) for a kept one, so that the expected sum stays.
 *
 * @param dropout - share of units silenced, in [0, 1)
 * @param uniform - draws in [0, 1)
 * @returns undefined without dropout, and then nothing is drawn
 * @see Srivastava et al. (2014), Dropout: A Simple Way to Prevent Neural Networks from Overfitting
 */
export function keepFactors(
  count: number,
  dropout: number,
  uniform: () => number,
): Float32Array | undefined {
  if (dropout === 0) return undefined;
  return new Float32Array(count).map(() => (uniform() < dropout ? 0 : 1 / (1 - dropout)));
}
