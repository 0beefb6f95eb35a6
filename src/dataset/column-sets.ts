import { OptionError } from "../core/errors.js";
import { catalogue } from "../features/catalogue.js";

/** Sets of features that models are fed with: the 33 of prices, volumes and time, and all 53. */
export const COLUMN_SETS = ["base", "full"] as const;

export type ColumnSet = (typeof COLUMN_SETS)[number];

/** The base features come first in the catalogue. */
const BASE_COUNT = 33;

/** Names of a set's features, in the catalogue's order. */
export function columnsOf(set: ColumnSet): readonly string[] {
  const names = catalogue().map(({ name }) => name);
  return set === "base" ? names.slice(0, BASE_COUNT) : names;
}

/**
 * Those of a set's features that a dataset's inputs hold, in their order.
 *
 * @param featureNames - of the dataset
 */
export function columnsAmong(set: ColumnSet, featureNames: readonly string[]): readonly string[] {
  const names = new Set(columnsOf(set));
  return featureNames.filter((name) => names.has(name));
}

/**
 * Sets that a dataset's inputs have columns of; where all are of the base set, as they are without a book, the full one is no
 * other and is left out.
 *
 * @param featureNames - of the dataset
 */
export function setsAmong(featureNames: readonly string[]): readonly ColumnSet[] {
  const ofBase = columnsAmong("base", featureNames).length;
  return COLUMN_SETS.filter((set) => (set === "base" ? ofBase > 0 : ofBase < featureNames.length));
}

/**
 * A set by its name.
 *
 * @throws {OptionError} there is none of that name
 */
export function columnSet(name: string): ColumnSet {
  const found = COLUMN_SETS.find((set) => set === name);
  if (found !== undefined) return found;
  throw new OptionError({
    column: "--columns",
    message: `was "${name}", which no set of features is called`,
    fix: `use one of ${COLUMN_SETS.join(", ")}`,
  });
}
