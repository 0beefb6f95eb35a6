/** No more is begun after this, where a step takes seconds: there is no native library, or the machine is busy. */
const MOST_MS = 20_000;

/**
 * Does something several times, as the training loop does: other work of the process may come between.
 *
 * @param counts.warmUp - how often before it counts
 * @param counts.counted - how often it counts at most
 * @returns milliseconds of each time that counts, one at least
 */
export async function timed(
  { warmUp, counted }: { readonly warmUp: number; readonly counted: number },
  work: (i: number) => unknown,
): Promise<readonly number[]> {
  const milliseconds: number[] = [];
  const started = performance.now();
  for (let i = 0; i < warmUp + counted; i++) {
    const begin = performance.now();
    await work(i);
    const end = performance.now();
    milliseconds.push(end - begin);
    if (end - started > MOST_MS) break;
    await new Promise(setImmediate);
  }
  return milliseconds.length > warmUp ? milliseconds.slice(warmUp) : milliseconds.slice(-1);
}
