import { quantile } from "../../core/statistics.js";

/** Of the looks at a process, the share in which caches and compiled code still fill up. */
const FILLING_SHARE = 1 / 4;

/**
 * How much more each look shows than the one before: the median over all pairs (Theil and Sen), which a few odd looks do not
 * move.
 *
 * @param looks - at equal distances
 * @returns slope and number of the first looks that are left out; null where there are too few to tell
 */
export function memoryGrowth(looks: readonly number[]): {
  readonly slope: number | null;
  readonly from: number;
} {
  const from = Math.ceil(looks.length * FILLING_SHARE);
  const rest = looks.slice(from);
  const slopes = rest.flatMap((look, i) =>
    rest.slice(i + 1).map((later, k) => (later - look) / (k + 1)),
  );
  if (slopes.length === 0) return { slope: null, from };
  return { slope: quantile(slopes, 0.5), from };
}
