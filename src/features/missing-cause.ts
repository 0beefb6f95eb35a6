import { NO_BOOK_BIT } from "./catalogue.js";
import type { FeatureEntry } from "./feature.js";

/**
 * Why a value is missing. `no book`: it needs a book and none was valid at the bar's end. `no trade`: it looks at this bar
 * alone and no trade in it counts, or none of one side. `warm-up`: too few bars before it, or a window without spread.
 */
export type MissingCause = "no book" | "no trade" | "warm-up";

/**
 * Cause of a missing value.
 *
 * @param entry - the feature
 * @param valid - the row's mask
 */
export function missingCause({ inputs, lookbackBars }: FeatureEntry, valid: bigint): MissingCause {
  if (inputs.includes("book") && ((valid >> BigInt(NO_BOOK_BIT)) & 1n) === 1n) return "no book";
  return inputs.includes("trades") && lookbackBars === 1 ? "no trade" : "warm-up";
}
