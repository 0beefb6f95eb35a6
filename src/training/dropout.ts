/**
 * Factors of dropout: 0 for a silenced unit, 1/(1 − dropout) for a kept one, so that the expected sum stays.
 *
 * @param dropout - share of units silenced, in [0, 1)
 * @param uniform - draws in [0, 1)
 * @param options.into - memory for them, at least as long; default new memory
 * @returns undefined without dropout, and then nothing is drawn
 * @see Srivastava et al. (2014), Dropout: A Simple Way to Prevent Neural Networks from Overfitting
 */
export function keepFactors(
  count: number,
  dropout: number,
  uniform: () => number,
  { into = new Float32Array(count) }: { readonly into?: Float32Array } = {},
): Float32Array | undefined {
  if (dropout === 0) return undefined;
  const factors = into.subarray(0, count);
  const kept = 1 / (1 - dropout);
  for (let i = 0; i < count; i++) factors[i] = uniform() < dropout ? 0 : kept;
  return factors;
}
