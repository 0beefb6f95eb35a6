// What may an experiment be asked for? The rules of its numbers that are no settings of the workbench.
import type { NumberRule } from "../core/number-rule.js";

/** How many walk-forward folds there may be. */
export const FOLDS: NumberRule = {
  fits: (value) => Number.isInteger(value) && value >= 1 && value <= 999,
  expected: "a whole number from 1 to 999",
};

/** Which share of bars a model may act on. */
export const COVERAGE: NumberRule & { readonly fix: string } = {
  fits: (value) => value > 0 && value <= 1,
  expected: "a share above 0, at most 1",
  fix: "give for example 0.2, or leave it out to act on every bar",
};
