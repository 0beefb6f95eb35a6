import type { BookSource } from "../market/book-source.js";
import { isTooDeep } from "./book-levels.js";
import { NO_BOOK_BIT } from "./catalogue.js";
import type { FeatureEntry } from "./feature.js";

/**
 * Why a value is missing. `no depth`: it needs more levels of the book than its source ever shows. `no book`: it needs a
 * book and none was valid at the bar's end. `no trade`: it looks at this bar alone and no trade in it counts, or none of one
 * side. `warm-up`: too few bars before it, or a window without spread.
 */
export type MissingCause = "no depth" | "no book" | "no trade" | "warm-up";

/** What a row's source tag names: the kind of its book, or trades where there was none. */
export type RowSource = BookSource | "trades";

/**
 * Cause of a missing value.
 *
 * @param entry - the feature
 * @param valid - the row's mask
 * @param source - the row's source tag
 */
export function missingCause(entry: FeatureEntry, valid: bigint, source: RowSource): MissingCause {
  const { inputs, lookbackBars } = entry;
  if (source !== "trades" && isTooDeep(entry, source)) return "no depth";
  if (inputs.includes("book") && ((valid >> BigInt(NO_BOOK_BIT)) & 1n) === 1n) return "no book";
  return inputs.includes("trades") && lookbackBars === 1 ? "no trade" : "warm-up";
}
