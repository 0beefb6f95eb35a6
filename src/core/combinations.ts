/**
 * All ways to choose k of the numbers 0 … n − 1: each ascending, one after the other in lexicographic order.
 *
 * @param n - whole number from 0
 * @param k - whole number from 0; none are chosen one way, more than n in no way
 */
export function* combinations(n: number, k: number): Generator<readonly number[]> {
  if (k > n) return;
  const chosen = Array.from({ length: k }, (_, i) => i);
  for (;;) {
    yield [...chosen];
    // The last place that can still grow does; those after it follow closely.
    let place = k - 1;
    while (place >= 0 && chosen[place] === n - k + place) place--;
    if (place < 0) return;
    const from = chosen[place]! + 1 - place;
    for (let i = place; i < k; i++) chosen[i] = from + i;
  }
}
