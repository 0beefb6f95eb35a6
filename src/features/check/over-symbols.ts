import { FEATURES } from "../catalogue.js";
import { MISSING_CAUSES, type MissingCause } from "../missing-rule.js";
import type { FeatureTotals, SymbolCheck } from "./check-symbol.js";
import { noneMissing } from "./missing-causes.js";

/** One feature over all symbols. */
export interface OverallCheck extends FeatureTotals {
  /** The largest distance between halves of a symbol; null where none was measured. */
  readonly driftDistance: number | null;
  readonly coefficients: readonly OverallCoefficient[];
}

/**
 * Mean information coefficient over symbols. Its interval is the mean of theirs: symbols move together, so that more of them
 * make it no narrower for certain.
 */
export interface OverallCoefficient {
  readonly horizonBars: number;
  readonly now: CoefficientInterval | null;
  /** Null where no symbol has a book. */
  readonly afterLatency: CoefficientInterval | null;
}

/** A coefficient and its interval of 95 %. */
export interface CoefficientInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Each feature over all symbols, in the catalogue's order.
 *
 * @param horizons - bars of each coefficient, in the order that the symbols have them
 */
export function overSymbols(
  symbols: readonly SymbolCheck[],
  horizons: readonly number[],
): readonly OverallCheck[] {
  return FEATURES.map((_, place) => overall(symbols, place, horizons));
}

function overall(
  symbols: readonly SymbolCheck[],
  place: number,
  horizons: readonly number[],
): OverallCheck {
  const checks = symbols.map(({ features }) => features[place]!);
  const sum = (of: (check: FeatureTotals) => number): number =>
    checks.reduce((total, check) => total + of(check), 0);
  const known = (of: (check: (typeof checks)[number]) => number | null | undefined): number[] =>
    checks.map(of).filter((value) => value !== null && value !== undefined) as number[];
  const missing: Record<MissingCause, number> = noneMissing();
  for (const cause of MISSING_CAUSES) missing[cause] = sum((check) => check.missing[cause]);
  return {
    name: FEATURES[place]!.name,
    rows: sum(({ rows }) => rows),
    values: sum(({ values }) => values),
    least: extreme(
      known(({ least }) => least),
      Math.min,
    ),
    largest: extreme(
      known(({ largest }) => largest),
      Math.max,
    ),
    outside: sum(({ outside }) => outside),
    wrongBits: sum(({ wrongBits }) => wrongBits),
    missing,
    driftDistance: extreme(
      known(({ drift }) => drift?.distance),
      Math.max,
    ),
    coefficients: horizons.map((horizonBars, i) => ({
      horizonBars,
      now: meanCoefficient(checks.map(({ coefficients }) => coefficients[i]!.now)),
      afterLatency: meanCoefficient(
        checks.map(({ coefficients }) => coefficients[i]!.afterLatency),
      ),
    })),
  };
}

function extreme(
  values: readonly number[],
  choose: (...values: number[]) => number,
): number | null {
  return values.length === 0 ? null : choose(...values);
}

function meanCoefficient(all: readonly (CoefficientInterval | null)[]): CoefficientInterval | null {
  const known = all.filter(
    (one) => one !== null && !Number.isNaN(one.value),
  ) as CoefficientInterval[];
  if (known.length === 0) return null;
  const mean = (of: (one: CoefficientInterval) => number): number =>
    known.reduce((sum, one) => sum + of(one), 0) / known.length;
  return {
    value: mean(({ value }) => value),
    low: mean(({ low }) => low),
    high: mean(({ high }) => high),
  };
}
