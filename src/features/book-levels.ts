// Which features look deeper into the book than its source shows?
import { type BookSource, shownLevels } from "../market/book-source.js";
import { type Accumulator, accumulator, type Feature, type FeatureEntry } from "./feature.js";
import type { SharedParts } from "./shared-parts.js";

/** Whether a feature looks at more levels than a source shows, and so has no value from it. */
export function isTooDeep({ bookLevels = 1 }: FeatureEntry, source: BookSource): boolean {
  return bookLevels > shownLevels(source);
}

/**
 * Begins a feature over a book of a source; one that is too deep for it is NaN throughout.
 *
 * @param shared - what the stream's features have in common
 */
export function createWithin(
  feature: Feature,
  source: BookSource,
  shared: SharedParts,
): Accumulator {
  return isTooDeep(feature, source) ? accumulator([], () => Number.NaN) : feature.create(shared);
}
