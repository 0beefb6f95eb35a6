import { decimalOf } from "../core/decimal.js";
import { OptionError } from "../core/errors.js";

/** What an option's number has to be. */
export interface NumberRule {
  readonly fits: (value: number) => boolean;
  /** The rule in words: "a whole number from 1 to 999". */
  readonly expected: string;
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
  { fits, expected, fix }: NumberRule,
): number {
  const value = decimalOf(text);
  if (Number.isFinite(value) && fits(value)) return value;
  throw new OptionError({
    column: option,
    message: `was ${JSON.stringify(text)}, expected ${expected}`,
    fix,
  });
}
