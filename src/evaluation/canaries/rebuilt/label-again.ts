// The label of a row, made again from single prices.

import type { Dataset } from "../../../dataset/matrix.js";
import { outcomeOf } from "../../../dataset/outcome.js";
import { returnOf } from "../../../features/future-returns.js";
import type { Price } from "./plain-prices.js";

/** A price that a label is made of: in force a time after the end of a bar. */
export interface Look {
  readonly barEndUs: number;
  readonly delayUs: number;
}

/** What a row says of its label, by column of the dataset. */
export type LabelAgain = Readonly<
  Record<"entryPrice" | "halfSpreadBps" | "labelReturn" | "outcome" | "labelEndUs", number>
>;

type Rule = Pick<Dataset, "barUs" | "horizonUs" | "latencyUs" | "labelRule">;

/** The prices that a row's label is made of, from its entry to the end of its horizon: those two alone for a direction. */
export function looksOf(
  { barUs, horizonUs, latencyUs, labelRule }: Rule,
  barEndUs: number,
): readonly Look[] {
  const entry = { barEndUs, delayUs: latencyUs };
  if (horizonUs % barUs !== 0) return [entry, { barEndUs, delayUs: latencyUs + horizonUs }];
  const bars = horizonUs / barUs;
  const steps =
    labelRule.kind === "direction" ? [bars] : Array.from({ length: bars }, (_, k) => k + 1);
  const later = steps.map((k) => ({ barEndUs: barEndUs + k * barUs, delayUs: latencyUs }));
  return [entry, ...later];
}

/**
 * The label by its rule.
 *
 * @param path - prices at the looks of the row
 * @param knownPrice - price known at a bar's end
 */
export function labelAgain(
  rule: Rule,
  barEndUs: number,
  path: readonly Price[],
  knownPrice: (barEndUs: number) => number,
): LabelAgain {
  const { barUs, horizonUs, latencyUs, labelRule } = rule;
  const entry = path[0]!;
  const said = (change: number, labelEndUs: number): LabelAgain => ({
    entryPrice: entry.price,
    halfSpreadBps: entry.halfSpreadBps,
    labelReturn: change,
    outcome: outcomeOf(change),
    labelEndUs,
  });
  const changes = path.map(({ price }) => returnOf(entry.price, price));
  const horizonEndUs = barEndUs + latencyUs + horizonUs;
  if (labelRule.kind === "direction") return said(changes.at(-1)!, horizonEndUs);
  const { deviations, volatilityBars } = labelRule;
  let squares = 0;
  for (let bars = volatilityBars - 1; bars >= 0; bars--) {
    const endUs = barEndUs - bars * barUs;
    squares += returnOf(knownPrice(endUs - barUs), knownPrice(endUs)) ** 2;
  }
  // Distance = k · √(h · mean r²): the deviation of a return over the whole horizon.
  const distance = deviations * Math.sqrt(((horizonUs / barUs) * squares) / volatilityBars);
  const last = changes.length - 1;
  const met = changes.findIndex((change, k) => k > 0 && !(Math.abs(change) < distance && k < last));
  if (!(distance > 0)) return said(Number.NaN, horizonEndUs);
  return said(changes[met]!, barEndUs + met * barUs + latencyUs);
}
