import { decimalOf } from "../core/decimal.js";
import { OptionError } from "../core/errors.js";
import type { NumberRule } from "../core/number-rule.js";

/** What an option's number has to be. */
interface OptionRule extends NumberRule {
  /** What to do instead, as an imperative. */
  readonly fix: string;
}

/**
 * The number that an option was given, in decimal.
 *
 * @param option - as it is typed, for the error
 * @throws {OptionError} the text is no number, or breaks the rule
 */
export function numberOption(
  option: string,
  text: string,
  { fits, expected, fix }: OptionRule,
): number {
  const value = decimalOf(text);
  if (Number.isFinite(value) && fits(value)) return value;
  throw new OptionError({
    column: option,
    message: `was ${JSON.stringify(text)}, expected ${expected}`,
    fix,
  });
}
