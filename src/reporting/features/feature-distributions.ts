// Where do a feature's values lie, for each symbol and in calm and wild minutes?
import { isShortfall, type Shortfall, shortfall } from "../../core/shortfall.js";
import { sortedQuantile } from "../../core/statistics.js";
import { type FeatureFrame, featureEntry, isComparable, sortedValues } from "./feature-frame.js";
import { REGIMES, volatilityRegimes } from "./volatility-regimes.js";

/** Quantiles of a group's values: 5, 25, 50, 75 and 95 %. */
export type Band = readonly [
  low: number,
  lower: number,
  middle: number,
  upper: number,
  high: number,
];

const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];

/** One feature in each group, in units of the middle half of all its values around their median. */
export interface FeatureDistribution {
  readonly name: string;
  readonly family: string;
  /** One a group; undefined where the group has too few values. */
  readonly bands: readonly (Band | undefined)[];
  /** How far the groups' medians lie apart; NaN for fewer than two groups. */
  readonly apart: number;
}

/** Features by group. */
export interface FeatureDistributions {
  /** Symbols, or regimes. */
  readonly groups: readonly string[];
  readonly by: "symbol" | "regime";
  /** What the groups are made from, for people. */
  readonly source: string;
  readonly features: readonly FeatureDistribution[];
  /** Features that have too few values, or one value in more than half of the bars. */
  readonly left: readonly string[];
  /** Bars in all groups. */
  readonly rows: number;
}

/** With fewer values a group has no quantiles to speak of. */
const LEAST_VALUES = 30;

/** Features of each symbol. */
export function distributionsBySymbol(
  frames: readonly FeatureFrame[] | Shortfall,
): FeatureDistributions | Shortfall {
  if (isShortfall(frames)) return frames;
  return distributions({
    groups: frames.map(({ symbol }) => symbol),
    by: "symbol",
    source: "symbols",
    rows: frames.reduce((sum, { barEndUs }) => sum + barEndUs.length, 0),
    valuesOf: (j) => frames.map((frame) => sortedValues(frame.columns[j]!)),
    names: frames[0]!.names,
  });
}

/**
 * Features in calm, usual and wild minutes, all symbols together: each value is told in units of its own symbol, so that
 * symbols do not hide regimes.
 */
export function distributionsByRegime(
  frames: readonly FeatureFrame[] | Shortfall,
): FeatureDistributions | Shortfall {
  if (isShortfall(frames)) return frames;
  const regimes = volatilityRegimes(frames);
  const known = regimes.reduce((sum, one) => sum + one.regime.filter((r) => r >= 0).length, 0);
  if (known < LEAST_VALUES * REGIMES.length) {
    return shortfall({
      step: "tell features by regime",
      what: "bars of a known regime",
      has: known,
      needs: LEAST_VALUES * REGIMES.length,
    });
  }
  return distributions({
    groups: REGIMES,
    by: "regime",
    source: regimes[0]!.source,
    rows: known,
    valuesOf: (j) => {
      const scaled = frames.map((frame) => scaledColumn(frame.columns[j]!));
      return REGIMES.map((_, group) =>
        Float64Array.from(
          scaled.flatMap((column, k) =>
            Array.from(column).filter(
              (value, row) => regimes[k]!.regime[row] === group && !Number.isNaN(value),
            ),
          ),
        ).sort(),
      );
    },
    names: frames[0]!.names,
  });
}

function distributions({
  names,
  valuesOf,
  ...rest
}: Pick<FeatureDistributions, "groups" | "by" | "source" | "rows"> & {
  readonly names: readonly string[];
  /** Sorted values of feature j, group by group. */
  readonly valuesOf: (j: number) => readonly Float64Array[];
}): FeatureDistributions | Shortfall {
  const features: FeatureDistribution[] = [];
  const left: string[] = [];
  for (const [j, name] of names.entries()) {
    if (!isComparable(name)) continue;
    const bands = groupBands(valuesOf(j));
    if (bands === undefined) left.push(name);
    else {
      const family = featureEntry(name)?.family ?? "";
      features.push({ name, family, bands, apart: apartOf(bands) });
    }
  }
  if (features.length > 0) return { ...rest, features: byFamily(features), left };
  return shortfall({
    step: "look at distributions",
    what: "bars with features",
    has: rest.rows,
    needs: LEAST_VALUES,
  });
}

/** Features of a family side by side, families in the order of their first. */
function byFamily(features: readonly FeatureDistribution[]): readonly FeatureDistribution[] {
  const families = [...new Set(features.map(({ family }) => family))];
  return families.flatMap((family) => features.filter((feature) => feature.family === family));
}

/** Bands in units of all values together; undefined where no group has enough values, or half of them are one. */
function groupBands(groups: readonly Float64Array[]): readonly (Band | undefined)[] | undefined {
  const enough = groups.filter(({ length }) => length >= LEAST_VALUES);
  const all = Float64Array.from(enough.flatMap((values) => Array.from(values))).sort();
  const [, lower, middle, upper] = bandOf(all);
  const unit = upper - lower;
  if (!(unit > 0)) return undefined;
  return groups.map((values) =>
    values.length < LEAST_VALUES
      ? undefined
      : (bandOf(values).map((value) => (value - middle) / unit) as unknown as Band),
  );
}

function bandOf(sorted: Float64Array): Band {
  return LEVELS.map((level) => sortedQuantile(sorted, level)) as unknown as Band;
}

/** Distance of a symbol's values from their median, in units of their middle half. */
function scaledColumn(column: Float64Array): Float64Array {
  const [, lower, middle, upper] = bandOf(sortedValues(column));
  const unit = upper > lower ? upper - lower : Number.NaN;
  return column.map((value) => (value - middle) / unit);
}

function apartOf(bands: readonly (Band | undefined)[]): number {
  const middles = bands.flatMap((band) => (band === undefined ? [] : [band[2]]));
  return middles.length < 2 ? Number.NaN : Math.max(...middles) - Math.min(...middles);
}
