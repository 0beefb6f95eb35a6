import { DAY_US } from "../core/time.js";
import { FEATURES } from "../features/catalogue.js";
import { type FeatureEntry, warmUpOf } from "../features/feature.js";
import type { InputSettings } from "../features/input-stream.js";
import type { SymbolFeatures } from "./symbol-features.js";

/**
 * Features for which the data is too short: those that have no value in the first half of a symbol's rows, because they look
 * back on days: with them most rows could neither be trained nor tested on. Days without any book, whose rows are left out
 * anyway, and those without trades where a feature needs them are not among these. And those that begin anew each day and warm up
 * for more than half of it, because bars are long: they would be their mean in most rows.
 *
 * @param features - of each symbol
 * @param names - features to judge
 */
export function youngFeatures(
  features: readonly SymbolFeatures[],
  names: readonly string[],
  settings: Omit<InputSettings, "names">,
): readonly string[] {
  const rows = features.map((one) => judgedRows(one, settings));
  return names.filter((name) => {
    const entry = FEATURES.find((feature) => feature.name === name);
    if (entry !== undefined && isLateEachDay(entry, settings.barUs)) return true;
    const own = entry?.inputs.includes("trades") === true ? "withTrades" : "all";
    return features.some(({ values }, s) => {
      const judged = rows[s]![own];
      const half = judged.subarray(0, Math.ceil(judged.length / 2));
      return half.length > 0 && half.every((row) => Number.isNaN(values[name]![row]!));
    });
  });
}

/** Numbers of the rows that features are judged on. */
function judgedRows(
  { barEndUs, mid, parts }: SymbolFeatures,
  { barUs, labelKind }: Omit<InputSettings, "names">,
): { readonly all: Uint32Array; readonly withTrades: Uint32Array } {
  const hasTrades = new Uint8Array(mid.length);
  for (const { from, to, source } of parts) hasTrades.fill(Number(source.hasTrades), from, to);
  const dayOf = (row: number): number => Math.floor((barEndUs[row]! - barUs) / DAY_US);
  const booked = new Set<number>();
  for (let row = 0; row < mid.length; row++) {
    if (labelKind === "close" || !Number.isNaN(mid[row]!)) booked.add(dayOf(row));
  }
  const all = Uint32Array.from(mid.keys()).filter((row) => booked.has(dayOf(row)));
  return { all, withTrades: all.filter((row) => hasTrades[row] === 1) };
}

function isLateEachDay(entry: FeatureEntry, barUs: number): boolean {
  return entry.isDaily === true && 2 * warmUpOf(entry, barUs) * barUs > DAY_US;
}
