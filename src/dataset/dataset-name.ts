import { contentHash } from "../core/content-hash.js";
import { OptionError } from "../core/errors.js";
import { DAY_US, dateOf } from "../core/time.js";
import type { Dataset } from "./matrix.js";

/** Longest name of a folder that a dataset gets. */
const LONGEST = 64;

/**
 * What a dataset is called where nobody names it: exchange, symbols and days, in small letters, digits and hyphens; cut and
 * made unique by a hash where that is long.
 */
export function datasetName(
  dataset: Pick<Dataset, "exchange" | "symbols" | "barEndUs" | "barUs">,
): string {
  const { exchange, symbols } = dataset;
  const { from, to } = datasetDays(dataset);
  const words = [exchange, ...symbols, from, to].join("-").toLowerCase();
  const name = words.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  const isPlain = name === words && name.length <= LONGEST;
  return isPlain ? name : `${name.slice(0, LONGEST - 9)}-${contentHash(words).slice(0, 8)}`;
}

/** First UTC day of a dataset's bars, and the day after the last. */
export function datasetDays({ barEndUs, barUs }: Pick<Dataset, "barEndUs" | "barUs">): {
  readonly from: string;
  readonly to: string;
} {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const endUs of barEndUs) {
    first = Math.min(first, endUs - barUs);
    last = Math.max(last, endUs - barUs);
  }
  return { from: dateOf(first), to: dateOf(last + DAY_US) };
}

/**
 * Refuses a name that no dataset can have.
 *
 * @param option - that it came from, for the error
 * @throws {OptionError} it is empty, too long, or holds other than small letters, digits and hyphens
 */
export function requireDatasetName(name: string, option: string): void {
  if (/^[a-z0-9][a-z0-9-]*$/.test(name) && name.length <= LONGEST) return;
  throw new OptionError({
    column: option,
    message: `was ${JSON.stringify(name)}, which no dataset can be called`,
    fix: `use small letters, digits and hyphens, ${LONGEST} at most`,
  });
}
