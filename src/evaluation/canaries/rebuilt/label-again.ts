// The label of a row, made again from single prices.

import type { LabelRule } from "../../../dataset/label-rule.js";
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

/** What a row's label is made of besides the prices of its looks. */
export interface LabelFacts {
  /** Which of the bars after the row's own are there, of those that end within the horizon: 1 is the next one. */
  readonly barsAhead: ReadonlySet<number>;
  /** Price known at a bar's end. */
  readonly knownPrice: (barEndUs: number) => number;
  /** End of the first bar of the row's gap-free run, µs. */
  readonly runUs: number;
}

/**
 * The label by its rule.
 *
 * @param path - prices at the looks of the row
 */
export function labelAgain(
  rule: Rule,
  barEndUs: number,
  path: readonly Price[],
  facts: LabelFacts,
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
  const bars = Math.floor(horizonUs / barUs);
  const { barsAhead } = facts;
  if (labelRule.kind === "direction") {
    const isWhole = barsAhead.size === bars;
    return said(isWhole ? changes.at(-1)! : Number.NaN, horizonEndUs);
  }
  const distance = barrierDistance(rule, barEndUs, labelRule, facts);
  if (!(distance > 0)) return said(Number.NaN, Number.NaN);
  let isWhole = true;
  for (let k = 1; k <= bars; k++) {
    const change = barsAhead.has(k) ? changes[k]! : Number.NaN;
    isWhole &&= !Number.isNaN(change);
    const isOver = Math.abs(change) >= distance || (isWhole && k === bars);
    if (isOver) return said(isWhole ? change : Number.NaN, barEndUs + k * barUs + latencyUs);
  }
  return said(Number.NaN, horizonEndUs);
}

/** Distance = k · √(h · mean r²): the deviation of a return over the whole horizon; NaN where the run is too young. */
function barrierDistance(
  { barUs, horizonUs }: Rule,
  barEndUs: number,
  { deviations, volatilityBars }: Extract<LabelRule, { readonly kind: "triple-barrier" }>,
  { knownPrice, runUs }: LabelFacts,
): number {
  if (barEndUs - volatilityBars * barUs < runUs) return Number.NaN;
  let squares = 0;
  for (let bars = volatilityBars - 1; bars >= 0; bars--) {
    const endUs = barEndUs - bars * barUs;
    squares += returnOf(knownPrice(endUs - barUs), knownPrice(endUs)) ** 2;
  }
  return deviations * Math.sqrt(((horizonUs / barUs) * squares) / volatilityBars);
}
