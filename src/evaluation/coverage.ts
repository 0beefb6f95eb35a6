// How right is a model where it is surest? Accuracy of ever more rows, from the surest on.

import {
  type BlockBootstrapOptions,
  type Bootstrapped,
  weightedBootstrap,
} from "../core/block-bootstrap.js";
import { requireSameLength } from "../core/columns.js";
import { ofPart } from "../core/effective-sample-size.js";
import { RATIO } from "../core/figure-range.js";
import { totalWeight } from "../core/weighted-sum.js";
import type { Dataset } from "../dataset/matrix.js";
import { hits } from "./accuracy.js";
import type { Predicted } from "./group-accuracy.js";
import { orderByProbability } from "./order.js";

/** Accuracy on the rows a model is surest of. */
export interface CoveragePoint {
  /** Share of rows kept, in (0, 1]. */
  readonly coverage: number;
  readonly rows: number;
  readonly accuracy: Bootstrapped;
  /** Accuracy of always saying the more frequent side of the rows kept. */
  readonly majorityRate: number;
}

const COVERAGES: readonly number[] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * Accuracy by coverage: of the surest rows only, by |probability − ½|. Where the limit falls among rows of equal
 * probability, each of them is kept in part, so that their order does not matter. Every resample finds its own limit.
 *
 * @param options.coverages - shares of rows to keep, rising
 * @returns one point a coverage; NaN accuracy where no row is kept
 * @throws {ShapeError} the lengths differ
 */
export function coverageCurve(
  { outcome, barEndUs, horizonBars }: Pick<Dataset, "outcome" | "barEndUs" | "horizonBars">,
  { rows, probability }: Predicted,
  {
    coverages = COVERAGES,
    ...bootstrap
  }: BlockBootstrapOptions & {
    readonly coverages?: readonly number[];
  },
): readonly CoveragePoint[] {
  requireSameLength({ rows, probability });
  // The surest row first, once for all resamples.
  const order = orderByProbability(probability.map((p) => -Math.abs(p - 0.5)));
  const at = (of: (i: number) => number): Float64Array => Float64Array.from(order, of);
  const sure = at((i) => Math.abs(probability[i]! - 0.5));
  const ups = at((i) => outcome[rows[i]!]!);
  const right = hits(
    at((i) => probability[i]!),
    ups,
  );
  const curve = weightedBootstrap(
    at((i) => barEndUs[rows[i]!]!),
    (weight) => byCoverage(surestMeans(sure, right, weight, coverages)),
    { ...bootstrap, horizonBars, rangeOf: () => RATIO },
  );
  const upRates = surestMeans(sure, ups, new Uint32Array(order.length).fill(1), coverages);
  return coverages.map((coverage, k) => ({
    coverage,
    rows: Math.round(coverage * rows.length),
    accuracy: ofPart(curve[k]!, coverage),
    majorityRate: Math.max(upRates[k]!, 1 - upRates[k]!),
  }));
}

function byCoverage(means: readonly number[]): Readonly<Record<number, number>> {
  return Object.fromEntries(means.entries());
}

/**
 * Mean of a column over the surest rows, for each share of them.
 *
 * @param sure - n distances of the probability from ½, falling
 */
function surestMeans(
  sure: Float64Array,
  values: Float64Array,
  weight: Uint32Array,
  coverages: readonly number[],
): readonly number[] {
  const total = totalWeight(weight);
  const kept = coverages.map((coverage) => Math.round(coverage * total));
  const means: number[] = [];
  let limit = kept[0] ?? Number.POSITIVE_INFINITY;
  let rows = 0;
  let sum = 0;
  for (let i = 0; i < sure.length; ) {
    const level = sure[i]!;
    let tiedRows = 0;
    let tiedSum = 0;
    do {
      tiedRows += weight[i]!;
      tiedSum += weight[i]! * values[i]!;
      i++;
    } while (i < sure.length && sure[i] === level);
    while (rows + tiedRows >= limit) {
      const part = tiedRows === 0 ? 0 : (limit - rows) / tiedRows;
      means.push((sum + part * tiedSum) / limit);
      limit = kept[means.length] ?? Number.POSITIVE_INFINITY;
    }
    rows += tiedRows;
    sum += tiedSum;
  }
  return kept.map((_, k) => means[k] ?? Number.NaN);
}
