import type { SymbolFeatures } from "./symbol-features.js";

/**
 * Features for which the data is too short: those that have no value in the first half of a symbol's rows, because they look
 * back on days. With them most rows could neither be trained nor tested on.
 *
 * @param features - of each symbol
 * @param names - features to judge
 */
export function youngFeatures(
  features: readonly SymbolFeatures[],
  names: readonly string[],
): readonly string[] {
  return names.filter((name) =>
    features.some(({ values, barEndUs }) => {
      const half = values[name]!.subarray(0, Math.ceil(barEndUs.length / 2));
      return half.length > 0 && half.every(Number.isNaN);
    }),
  );
}
