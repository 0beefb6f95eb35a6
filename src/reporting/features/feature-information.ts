// What does each feature tell of the return after it, and how much of that is chance?
import { holdTogether } from "../../core/holm.js";
import { type Shortfall, shortfall } from "../../core/shortfall.js";
import type { FeatureChecks } from "../../features/check/check-features.js";
import type { InformationCoefficient } from "../../features/check/information-coefficient.js";
import { featureEntry } from "./feature-frame.js";

/** A 95 % interval leaves out the truth so often. */
export const MISS_RATE = 0.05;

/** What one feature of one symbol tells at one horizon. */
export interface PlacedCoefficient extends InformationCoefficient {
  readonly symbol: string;
  readonly feature: string;
  readonly family: string;
  readonly horizonBars: number;
  /** The coefficient one latency later; NaN where no book tells it. */
  readonly afterLatency: number;
  /** Whether it holds when all that have an interval are judged together. */
  readonly holds: boolean;
}

/** What features tell of returns, and how much of that chance alone would tell. */
export interface Information {
  /** Price whose return is told: where there is no book, closes, whose bounce between bid and ask looks like a return. */
  readonly price: "mid" | "close";
  readonly symbols: readonly string[];
  readonly features: readonly string[];
  readonly horizons: readonly number[];
  readonly latencyMs: number;
  /** Symbol after symbol, feature after feature, horizon after horizon. */
  readonly coefficients: readonly PlacedCoefficient[];
  /** Coefficients that have an interval, those whose interval leaves out zero, and those of them that chance gives. */
  readonly told: number;
  readonly beyond: number;
  readonly byChance: number;
  /** Those that hold when all are judged together. */
  readonly holding: number;
  /** Most bars of a symbol that have a return. */
  readonly rows: number;
}

/** Fewer bars with a return tell nothing at any horizon. */
const LEAST_ROWS = 60;

/**
 * Information coefficients of all features, for every symbol and horizon. Which of them hold when all are judged together is
 * Holm's rule at 5 %, which stands whatever the dependence between features.
 */
export function featureInformation(checks: FeatureChecks): Information | Shortfall {
  const { symbols, horizons, latencyMs } = checks;
  const all = symbols.flatMap(({ symbol, features }) =>
    features.flatMap(({ name, coefficients }) =>
      coefficients.map(({ horizonBars, now, afterLatency }) => ({
        ...now,
        symbol,
        feature: name,
        family: featureEntry(name)?.family ?? "",
        horizonBars,
        afterLatency: afterLatency?.value ?? Number.NaN,
      })),
    ),
  );
  const price = symbols.some((one) => one.price === "mid") ? "mid" : "close";
  const rows = Math.max(...all.map((coefficient) => coefficient.rows), 0);
  if (rows < LEAST_ROWS) {
    const what = `bars with a feature and a return of the ${price}`;
    return shortfall({ step: "hold features against returns", what, has: rows, needs: LEAST_ROWS });
  }
  const told = all.filter(hasInterval);
  const chances = told.map(({ chance }) => chance);
  const holds = holdTogether(chances, MISS_RATE);
  const held = new Set(told.filter((_, i) => holds[i]));
  return {
    price,
    symbols: symbols.map(({ symbol }) => symbol),
    features: symbols[0]!.features.map(({ name }) => name),
    horizons,
    latencyMs,
    coefficients: all.map((coefficient) => ({ ...coefficient, holds: held.has(coefficient) })),
    told: told.length,
    beyond: told.filter(isBeyond).length,
    byChance: MISS_RATE * told.length,
    holding: held.size,
    rows,
  };
}

/** Whether there are enough rows for an interval. */
export function hasInterval({ low }: InformationCoefficient): boolean {
  return !Number.isNaN(low);
}

/** Whether an interval leaves out zero. */
export function isBeyond({ low, high }: InformationCoefficient): boolean {
  return low > 0 || high < 0;
}

/** The surer of two first: the one that chance explains less; of equals the larger. */
export function bySureness(a: InformationCoefficient, b: InformationCoefficient): number {
  return a.chance - b.chance || Math.abs(b.value) - Math.abs(a.value);
}
