import { hits } from "./accuracy.js";
import { orderByProbability } from "./order.js";

/** Accuracy on the rows a model is surest of. */
export interface CoveragePoint {
  /** Share of rows kept, in (0, 1]. */
  readonly coverage: number;
  readonly rows: number;
  readonly accuracy: number;
}

/**
 * Accuracy by coverage: of the surest rows only, by |probability − ½|.
 *
 * @param probability - n probabilities of "up"
 * @param outcome - n outcomes: 1, 0, ½ tie
 * @param options.coverages - shares of rows to keep
 * @returns one point a coverage; NaN accuracy where no row is kept
 * @throws {ShapeError} the lengths differ
 */
export function coverageCurve(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
  {
    coverages = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
  }: { readonly coverages?: readonly number[] } = {},
): readonly CoveragePoint[] {
  const hit = hits(probability, outcome);
  const doubt = Float64Array.from(hit, (_, i) => -Math.abs(probability[i]! - 0.5));
  const order = orderByProbability(doubt);
  const sums = new Float64Array(hit.length + 1);
  for (let i = 0; i < hit.length; i++) sums[i + 1] = sums[i]! + hit[order[i]!]!;
  return coverages.map((coverage) => {
    const rows = Math.round(coverage * hit.length);
    return { coverage, rows, accuracy: sums[rows]! / rows };
  });
}
