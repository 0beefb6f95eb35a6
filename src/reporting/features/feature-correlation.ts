// Which features move together?
import { isShortfall, type Shortfall, shortfall } from "../../core/shortfall.js";
import { mean, standardDeviation } from "../../core/statistics.js";
import { averageLinkage } from "./clusters.js";
import { type FeatureFrame, featureEntry } from "./feature-frame.js";

/** Correlations between named columns, those that move together side by side. */
export interface FeatureCorrelation {
  readonly names: readonly string[];
  /** Row i, column j; NaN for a pair that has too few rows in common. */
  readonly values: readonly (readonly number[])[];
  /** Names that say the same, in the order of `names`; most stand alone. */
  readonly clusters: readonly (readonly string[])[];
  /** Features that are missing more often than not, or never change. */
  readonly left: readonly string[];
  readonly rows: number;
}

/** Fewer bars in common than this say nothing of a correlation. */
const LEAST_ROWS = 60;

/** Features whose correlations are at least so strong on average, of either sign, say the same: half of the variance. */
export const SAME_CORRELATION = 0.7;

/**
 * Pearson correlations between features, each pair over the bars that have both, within symbols: every column is told in
 * deviations from its own symbol's mean, so that levels of symbols make no correlation. Raw prices, features that are missing
 * more often than not and those that never change are left out. Clusters are by average linkage on 1 − |ρ|.
 */
export function featureCorrelation(
  frames: readonly FeatureFrame[] | Shortfall,
): FeatureCorrelation | Shortfall {
  if (isShortfall(frames)) return frames;
  const candidates = frames[0]!.names.filter((name) => featureEntry(name)?.unit !== "price");
  const scaled = candidates.map((name) => ({
    name,
    columns: frames.map(({ names, columns }) => scaledColumn(columns[names.indexOf(name)]!)),
  }));
  const kept = scaled.filter(({ columns }) => isVaried(columns));
  const left = scaled.filter(({ columns }) => !isVaried(columns)).map(({ name }) => name);
  const rows = frames.reduce((sum, { barEndUs }) => sum + barEndUs.length, 0);
  if (rows < LEAST_ROWS || kept.length < 2) {
    return shortfall({ step: "correlate features", what: "bars", has: rows, needs: LEAST_ROWS });
  }
  const values = kept.map(() => new Array<number>(kept.length).fill(1));
  for (const [i, one] of kept.entries()) {
    for (let j = i + 1; j < kept.length; j++) {
      const correlation = pairCorrelation(one.columns, kept[j]!.columns);
      values[i]![j] = correlation;
      values[j]![i] = correlation;
    }
  }
  const distance = values.map((row) => row.map((value) => 1 - Math.abs(value)));
  // Distances at the very edge are within, whatever their last bit says.
  const within = 1 - SAME_CORRELATION + 1e-12;
  const { order, groups } = averageLinkage(distance, { within });
  return {
    names: order.map((i) => kept[i]!.name),
    values: order.map((i) => order.map((j) => values[i]![j]!)),
    clusters: groups.map((group) => group.map((i) => kept[i]!.name)),
    left,
    rows,
  };
}

/** A column in deviations from its mean; all NaN where it does not vary. */
function scaledColumn(column: Float64Array): Float64Array {
  const there = column.filter((value) => !Number.isNaN(value));
  const [middle, deviation] = [mean(there), standardDeviation(there)];
  return column.map((value) => (deviation > 0 ? (value - middle) / deviation : Number.NaN));
}

/** Whether at least half of a feature's values are there and vary. */
function isVaried(columns: readonly Float64Array[]): boolean {
  const all = columns.reduce((sum, { length }) => sum + length, 0);
  const there = columns.reduce((sum, c) => sum + c.filter((x) => !Number.isNaN(x)).length, 0);
  return there > 0 && there >= all / 2;
}

/** ρ = Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)² Σ(y−ȳ)²) over rows of all symbols that have both. */
function pairCorrelation(xs: readonly Float64Array[], ys: readonly Float64Array[]): number {
  let [n, sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0, 0];
  for (const [k, x] of xs.entries()) {
    const y = ys[k]!;
    for (let i = 0; i < x.length; i++) {
      const product = x[i]! * y[i]!;
      if (Number.isNaN(product)) continue;
      n++;
      sumX += x[i]!;
      sumY += y[i]!;
      sumXX += x[i]! * x[i]!;
      sumYY += y[i]! * y[i]!;
      sumXY += product;
    }
  }
  if (n < LEAST_ROWS) return Number.NaN;
  const covariance = sumXY - (sumX * sumY) / n;
  const scale = Math.sqrt((sumXX - (sumX * sumX) / n) * (sumYY - (sumY * sumY) / n));
  return scale > 1e-12 * n ? Math.max(-1, Math.min(1, covariance / scale)) : Number.NaN;
}
