/** How often a gate of 95 % lets chance through. */
const RATE = 0.05;
/** How often a sound gate may be called unsound. */
const DOUBT = 0.01;

/**
 * In how many of n tries a gate that lets chance through once in twenty passes at most, but for one such gate in a hundred:
 * the least k with P(X > k) ≤ 1 %, X binomial. It is 14 of 150.
 */
export function mostByLuck(tries: number): number {
  let probability = (1 - RATE) ** tries;
  let sum = probability;
  let k = 0;
  while (sum < 1 - DOUBT) {
    probability *= ((tries - k) / (k + 1)) * (RATE / (1 - RATE));
    sum += probability;
    k++;
  }
  return k;
}
