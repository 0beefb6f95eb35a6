import type { Interval } from "./interval.js";
import { normalQuantile } from "./normal-quantile.js";

/**
 * Share of tries that succeeded, with Wilson's score interval: all true shares under which as many successes are not odd. It holds
 * near 0 and 1 too, where estimate ± errors leaves [0, 1].
 *
 * @param successes - of independent tries, from 0 to `tries`
 * @param options.level - chance that the interval holds the true share, in (0, 1)
 * @returns all in [0, 1]; the whole of it with a missing estimate where nothing was tried
 * @see Wilson (1927), Probable Inference, the Law of Succession, and Statistical Inference, JASA 22
 */
export function wilsonInterval(
  successes: number,
  tries: number,
  { level = 0.95 }: { readonly level?: number } = {},
): Interval {
  if (tries === 0) return { estimate: Number.NaN, lower: 0, upper: 1 };
  const z = normalQuantile((1 + level) / 2);
  const share = successes / tries;
  // (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)
  const scale = 1 + z ** 2 / tries;
  const center = (share + z ** 2 / (2 * tries)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / tries + z ** 2 / (4 * tries ** 2));
  // At the ends the formula gives 0 and 1 but for rounding.
  return {
    estimate: share,
    lower: successes === 0 ? 0 : center - half,
    upper: successes === tries ? 1 : center + half,
  };
}
