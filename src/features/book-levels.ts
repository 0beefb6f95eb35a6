// Which features look deeper into the book than its source shows?
import { type BookSource, shownLevels } from "../market/book-source.js";
import type { FeatureEntry } from "./feature.js";

/** Whether a feature looks at more levels than a source shows, and so has no value from it. */
export function isTooDeep({ bookLevels = 1 }: FeatureEntry, source: BookSource): boolean {
  return bookLevels > shownLevels(source);
}
