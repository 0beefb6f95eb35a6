// How far apart are logged and stored features where arrival times differ, so that bits cannot be equal?
import { sortedQuantile, standardDeviation } from "../../core/statistics.js";
import { FEATURES } from "../../features/catalogue.js";

/** Differences of one feature over all compared bars. */
export interface FeatureDistance {
  readonly name: string;
  /** Bars in which both have a value. */
  readonly bars: number;
  /** Bars in which one of the two has none. */
  readonly onlyOne: number;
  /** Share of the bars whose values have the same bits. */
  readonly equal: number;
  /** Of the absolute differences, in standard deviations of the stored values; NaN without values or scatter. */
  readonly median: number;
  readonly ninetyNinth: number;
}

/** Collects pairs of rows. */
export class FeatureDistances {
  private readonly logged: Float64Array[] = [];
  private readonly stored: Float64Array[] = [];

  add(logged: Float64Array, stored: Float64Array): void {
    this.logged.push(logged);
    this.stored.push(stored);
  }

  /** In the order of the catalogue. */
  all(): readonly FeatureDistance[] {
    return FEATURES.map(({ name }, i) => this.distance(name, i));
  }

  private distance(name: string, i: number): FeatureDistance {
    const gaps: number[] = [];
    const values: number[] = [];
    let [equal, onlyOne] = [0, 0];
    for (const [k, row] of this.logged.entries()) {
      const [a, b] = [row[i]!, this.stored[k]![i]!];
      if (Number.isNaN(a) !== Number.isNaN(b)) onlyOne++;
      if (Number.isNaN(a) || Number.isNaN(b)) continue;
      values.push(b);
      gaps.push(Math.abs(a - b));
      if (Object.is(a, b)) equal++;
    }
    const sorted = Float64Array.from(gaps).sort();
    const scale = standardDeviation(values);
    const at = (level: number): number =>
      sorted.length === 0 || !(scale > 0) ? Number.NaN : sortedQuantile(sorted, level) / scale;
    const bars = values.length;
    const share = bars === 0 ? Number.NaN : equal / bars;
    return { name, bars, onlyOne, equal: share, median: at(0.5), ninetyNinth: at(0.99) };
  }
}
