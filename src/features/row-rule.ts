// May a model be asked in a row in which inputs are missing? The values and causes of that row alone say so.
import { FEATURES } from "./catalogue.js";
import { warmUpOf } from "./feature.js";
import type { DaySource } from "./lacks-source.js";
import { type MissingCause, missingRule } from "./missing-rule.js";
import type { StreamAge } from "./stream-clock.js";

/**
 * Why no model may be asked in a row, whatever is predicted; of several inputs' causes the first is counted.
 * - `not in the source`: the day's data has no trades, or no book, and an input needs them.
 * - `warm-up`: since the stream began, after a gap too, bars are too few for an input, or it has had no value yet. An input that
 *   begins anew each day warms up once: later days' first bars are the training mean to a model, or no one could act in them.
 * - `no valid book`: at the bar's end, or at the end of a bar that an input without a value looks back on.
 */
export const LEFT_OUT_CAUSES = ["not in the source", "warm-up", "no valid book"] as const;

export type LeftOutCause = (typeof LEFT_OUT_CAUSES)[number];

/** Code of a row that is kept; that of others is the place of their cause in `LEFT_OUT_CAUSES`. */
export const KEPT: number = LEFT_OUT_CAUSES.length;

/** Code of a row for want of a book. */
export const NO_BOOK: number = LEFT_OUT_CAUSES.indexOf("no valid book");

const WARM_UP = LEFT_OUT_CAUSES.indexOf("warm-up");

/** A value missing because nothing traded, or because what traded leaves it undefined, is the training mean to a model. */
const CODES: Readonly<Record<MissingCause, number>> = {
  source: LEFT_OUT_CAUSES.indexOf("not in the source"),
  "warm-up": WARM_UP,
  "no book": NO_BOOK,
  "no trade": KEPT,
  undefined: KEPT,
};

/**
 * Judges a row.
 *
 * @param inputs - of many rows; those of this one from place `at` on, NaN where missing
 * @param age - of the row's stream
 * @param hasBegun - of each input, 1 where it has had a value since the stream began, this row's included
 * @returns the row's code
 */
export type RowRule = (
  inputs: Float32Array,
  at: number,
  age: StreamAge,
  hasBegun: Uint8Array,
) => number;

/**
 * The rule of rows that were made from one kind of data.
 *
 * @param names - features in the order of the inputs
 * @param barUs - length of a bar, µs
 */
export function rowRule(names: readonly string[], barUs: number, source: DaySource): RowRule {
  const entries = names.map((name) => FEATURES.find((feature) => feature.name === name)!);
  // Bars that an input begins anew with each day.
  const dailyBars = entries.map((entry) => (entry.isDaily === true ? warmUpOf(entry, barUs) : 0));
  const rules = entries.map((entry) => missingRule(entry, barUs, source));
  return (inputs, at, age, hasBegun) => {
    let code = KEPT;
    for (let j = 0; j < rules.length; j++) {
      if (!Number.isNaN(inputs[at + j]!)) continue;
      if (hasBegun[j] === 1 && age.sinceMidnight < dailyBars[j]!) continue;
      const own = CODES[rules[j]!(age, hasBegun[j] === 1)];
      code = Math.min(code, own === KEPT && hasBegun[j] === 0 ? WARM_UP : own);
    }
    return code;
  };
}
