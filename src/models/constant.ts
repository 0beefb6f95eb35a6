// What does knowing nothing but the base rate say? The same log-odds at every row.
import { DataError } from "../core/errors.js";
import { mean } from "../core/statistics.js";

/** A model that reads no input. */
export interface Constant {
  readonly kind: "constant";
  /** Log-odds of "up". */
  readonly logit: number;
}

/**
 * The share of "up" as log-odds: the more frequent side at every row.
 *
 * @param outcome - n values in [0, 1]; a tie of 0.5 counts half to each side
 * @throws {DataError} there are no outcomes, or they are all up or all down
 */
export function fitConstant(outcome: ArrayLike<number>): Constant {
  const up = mean(outcome);
  if (!(up > 0 && up < 1)) {
    throw new DataError({
      message: `the share of ups among ${outcome.length} training outcomes was ${up}, expected ups and downs`,
      fix: "give a longer period",
    });
  }
  return { kind: "constant", logit: Math.log(up / (1 - up)) };
}
