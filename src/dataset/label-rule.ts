import { OptionError } from "../core/errors.js";

/**
 * What is to be predicted: the direction of the price over the horizon, or which of two barriers it meets first.
 *
 * The barriers of a triple barrier lie `deviations` trailing deviations of the horizon's return above and below the price;
 * the third one is the horizon itself, where the sign of the return so far decides. So every label is up, down or a tie,
 * and the flat band is 0.
 *
 * @see López de Prado (2018), Advances in Financial Machine Learning, ch. 3
 */
export type LabelRule =
  | { readonly kind: "direction" }
  | {
      readonly kind: "triple-barrier";
      /** Distance of a barrier in deviations of a return over the whole horizon. */
      readonly deviations: number;
      /** Bars whose returns the deviation is taken from, the last one that of the decision's bar. */
      readonly volatilityBars: number;
    };

/** Direction over the horizon. */
export const DIRECTION: LabelRule = { kind: "direction" };

/** Barriers one deviation away, which is taken from the last hour of one-minute bars. */
export const TRIPLE_BARRIER: LabelRule = {
  kind: "triple-barrier",
  deviations: 1,
  volatilityBars: 60,
};

/** The rule that each kind stands for where nothing else is asked of it. */
export const LABEL_RULES: Readonly<Record<LabelRule["kind"], LabelRule>> = {
  direction: DIRECTION,
  "triple-barrier": TRIPLE_BARRIER,
};

/**
 * Refuses a rule that gives no labels.
 *
 * @throws {OptionError} barriers at no distance, or a deviation of fewer than two bars
 */
export function requireLabelRule(rule: LabelRule): void {
  if (rule.kind === "direction") return;
  const { deviations, volatilityBars } = rule;
  if (!(deviations > 0)) {
    throw new OptionError({
      column: "deviations",
      message: `was ${deviations}, expected a distance above 0`,
      fix: "give for example 1",
    });
  }
  if (!Number.isInteger(volatilityBars) || volatilityBars < 2) {
    throw new OptionError({
      column: "volatilityBars",
      message: `was ${volatilityBars}, expected a whole number from 2`,
      fix: "give for example 60",
    });
  }
}
