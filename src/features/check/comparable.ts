import type { FeatureEntry } from "../feature.js";
import type { SymbolColumns } from "./symbol-columns.js";

/**
 * A feature's column as it can be compared with others and with itself later: prices as models see them, as ln of the price
 * over the last close, everything else as it is stored. The level of a price drifts, correlates with whatever else has a
 * trend and equals the other prices to a hair; nothing of that is news, and no model is fed it.
 */
export function comparable({ name, unit }: FeatureEntry, columns: SymbolColumns): Float64Array {
  const { values, barEndUs, barUs } = columns;
  const column = values[name]!;
  if (unit !== "price") return column;
  const close = values["close"]!;
  return column.map((price, row) => {
    const isNext = row > 0 && barEndUs[row]! - barEndUs[row - 1]! === barUs;
    return isNext ? Math.log(price / close[row - 1]!) : Number.NaN;
  });
}
