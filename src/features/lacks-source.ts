import { isTooDeep } from "./book-levels.js";
import type { FeatureEntry } from "./feature.js";
import type { RowSource } from "./feature-partition.js";

/** What a day's features were made from. */
export interface DaySource {
  readonly hasTrades: boolean;
  /** The rows' source tag. */
  readonly tag: RowSource;
}

/** Whether a feature can have no value because the data that a day was made from does not hold what it needs. */
export function lacksSource(entry: FeatureEntry, { hasTrades, tag }: DaySource): boolean {
  const lacksBook = entry.inputs.includes("book") && (tag === "trades" || isTooDeep(entry, tag));
  const lacksTrades = entry.inputs.includes("trades") && !hasTrades;
  return lacksBook || lacksTrades;
}
