// Made-up findings of the checks of features, for tests of what is said of them.

import { FEATURES } from "../../features/catalogue.js";
import type { FeatureChecks } from "../../features/check/check-features.js";
import type { FeatureTotals, SymbolCheck } from "../../features/check/check-symbol.js";
import type { FeatureFinding } from "../../features/check/finding.js";
import type { InformationCoefficient } from "../../features/check/information-coefficient.js";
import { noneMissing } from "../../features/check/missing-causes.js";
import type { FeatureRun } from "../../features/compute-features.js";
import type { MissingCause } from "../../features/missing-rule.js";

/** A coefficient with an interval around it. */
export function coefficientOf(
  value: number,
  chance: number,
  { half = 0.05, rows = 1000 }: { readonly half?: number; readonly rows?: number } = {},
): InformationCoefficient {
  return { value, low: value - half, high: value + half, chance, rows, effectiveRows: rows / 2 };
}

/** One that has too few rows for an interval. */
export const UNTOLD: InformationCoefficient = {
  value: 0.9,
  low: Number.NaN,
  high: Number.NaN,
  chance: Number.NaN,
  rows: 70,
  effectiveRows: 0,
};

/**
 * Checks of some symbols, whose coefficients a function gives; every value is there.
 *
 * @param coefficient - of a symbol's feature at a horizon, by their places
 */
export function checksOf(
  symbols: readonly string[],
  coefficient: (symbol: number, feature: number, horizon: number) => InformationCoefficient,
  {
    horizons = [1, 5, 15, 60, 240],
    names = FEATURES.map(({ name }) => name),
    price = "mid",
    findings = [],
    missing = {},
  }: {
    readonly horizons?: readonly number[];
    readonly names?: readonly string[];
    readonly price?: SymbolCheck["price"];
    readonly findings?: readonly FeatureFinding[];
    /** Rows of 1,000 that are missing, by feature and cause. */
    readonly missing?: Readonly<Record<string, Partial<Record<MissingCause, number>>>>;
  } = {},
): FeatureChecks {
  const rows = 1000;
  const totals = (name: string): FeatureTotals => {
    const causes = { ...noneMissing(), ...missing[name] };
    const lost = Object.values(causes).reduce((sum, one) => sum + one, 0);
    const values = rows - lost;
    return { name, rows, values, least: 0, largest: 1, outside: 0, wrongBits: 0, missing: causes };
  };
  return {
    bar: "1m",
    horizons,
    latencyMs: 500,
    rows: rows * symbols.length,
    overall: names.map((name) => ({ ...totals(name), driftDistance: null, coefficients: [] })),
    symbols: symbols.map((symbol, s) => ({
      symbol,
      rows,
      price,
      features: names.map((name, i) => ({
        ...totals(name),
        constancy: { distinct: 2, commonValue: 0, commonShare: 0.5 },
        drift: null,
        coefficients: horizons.map((horizonBars, h) => {
          const now = coefficient(s, i, h);
          return { horizonBars, now, oneBarLater: now, fiveBarsLater: now, afterLatency: null };
        }),
      })),
      duplicates: [],
      findings: [],
    })),
    findings,
  };
}

/** A computation of days of so many bars, each told whether it went on from the day before. */
export function runOf(days: readonly (readonly [bars: number, isResumed: boolean])[]): FeatureRun {
  const verdicts = { good: 0, usable: 0, bad: 0, unknown: 0 };
  return {
    rows: days.reduce((sum, [bars]) => sum + bars, 0),
    verdicts,
    columns: FEATURES.length,
    eventsPerSecond: 0,
    partitions: days.map(([rows, isResumed], i) => ({
      exchange: "binance",
      symbol: "BTCUSDT",
      date: `2024-03-${String(i + 1).padStart(2, "0")}`,
      status: "written",
      rows,
      verdicts,
      isResumed,
    })),
  };
}
