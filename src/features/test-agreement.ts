// For tests only: do an engine's rows agree with what their features are by definition?
import { FEATURES } from "./catalogue.js";
import type { FeatureRow } from "./feature-rows.js";

/** Features by name, one number for each bar; what is not defined is NaN. */
export type PlainColumns = Readonly<Record<string, readonly number[]>>;

/** What a comparison found. */
export interface Agreement {
  /** `[bar, feature, value, defined value]` of the values that differ, are there and should not be, or should and are not. */
  readonly wrong: readonly unknown[];
  /** By feature, how many values there are and were compared. */
  readonly values: Readonly<Record<string, number>>;
}

/** Values of a feature, or of the mid. */
export function columnOf(rows: readonly FeatureRow[], name: string): number[] {
  if (name === "mid") return rows.map(({ mid }) => mid);
  const i = FEATURES.findIndex((feature) => feature.name === name);
  if (i < 0) throw new Error(`there is no feature ${name}`);
  return rows.map(({ values }) => values[i]!);
}

/**
 * Compares every value of some features.
 *
 * @param tolerance - largest difference, relative to the value or, near 0, to the root mean square of the feature
 */
export function compare(
  rows: readonly FeatureRow[],
  plain: PlainColumns,
  tolerance: number = 1e-9,
): Agreement {
  const wrong: unknown[] = [];
  const values: Record<string, number> = {};
  for (const [name, expected] of Object.entries(plain)) {
    const actual = columnOf(rows, name);
    if (actual.length !== expected.length) wrong.push([name, actual.length, expected.length]);
    const there = expected.filter((value) => !Number.isNaN(value));
    const size = Math.sqrt(there.reduce((sum, x) => sum + x * x, 0) / there.length);
    actual.forEach((value, k) => {
      const target = expected[k]!;
      const isRight = Number.isNaN(target)
        ? Number.isNaN(value)
        : Math.abs(value - target) <= tolerance * Math.max(Math.abs(target), size);
      if (!isRight) wrong.push([k, name, value, target]);
    });
    values[name] = actual.filter((value) => !Number.isNaN(value)).length;
  }
  return { wrong, values };
}
