import { DAY_US } from "../core/time.js";
import { FEATURES } from "../features/catalogue.js";
import { warmUpOf } from "../features/feature.js";
import type { SymbolFeatures } from "./symbol-features.js";

/**
 * Features for which the data is too short: those that have no value in the first half of a symbol's rows, because they look
 * back on days: with them most rows could neither be trained nor tested on. And those that begin anew each day and warm up for
 * more than half of it, because bars are long: they would be their mean in most rows.
 *
 * @param features - of each symbol
 * @param names - features to judge
 * @param barUs - length of a bar, µs
 */
export function youngFeatures(
  features: readonly SymbolFeatures[],
  names: readonly string[],
  barUs: number,
): readonly string[] {
  return names.filter(
    (name) =>
      isLateEachDay(name, barUs) ||
      features.some(({ values, barEndUs }) => {
        const half = values[name]!.subarray(0, Math.ceil(barEndUs.length / 2));
        return half.length > 0 && half.every(Number.isNaN);
      }),
  );
}

function isLateEachDay(name: string, barUs: number): boolean {
  const entry = FEATURES.find((feature) => feature.name === name);
  return entry?.isDaily === true && 2 * warmUpOf(entry, barUs) * barUs > DAY_US;
}
