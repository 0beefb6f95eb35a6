import { futureReturns, returnOf } from "../features/future-returns.js";
import type { LabelRule } from "./label-rule.js";
import { outcomeOf } from "./outcome.js";
import { tripleBarrierLabels } from "./triple-barrier.js";

/** What is to be predicted, row by row. */
export interface Labels {
  /** 1 up, 0 down, ½ exact tie (rounding of the mids aside), NaN no label. */
  readonly outcome: Float32Array;
  /** ln of the later price over the earlier one; NaN without a label. */
  readonly labelReturn: Float64Array;
  /**
   * When the label is known, µs: the latest price that it is made of. Without a label, the first look at which a bet on it is
   * over for all that is known; NaN where the rule asks nothing.
   */
  readonly labelEndUs: Float64Array;
}

/** Prices of one symbol that labels are made of; columns of one length. */
export interface LabelPrices {
  readonly barEndUs: Float64Array;
  /** Price in force at bar end plus latency, where a decision of the bar is executed; NaN where none is. */
  readonly entryPrice: Float64Array;
  /**
   * Price in force a horizon after that. Left out where the horizon is a whole number of bars: then it is the entry price of
   * the row so many bars later.
   */
  readonly exitPrice?: Float64Array;
  /** Price known at the bar's end: what a trailing deviation may be taken from. */
  readonly knownPrice: Float64Array;
}

/** How labels are made. */
export interface LabelSettings {
  readonly rule: LabelRule;
  readonly barUs: number;
  /** From the earlier price to the later one, at the most; in whole bars for a triple barrier. */
  readonly horizonUs: number;
  /** From the bar's end to the earlier price. */
  readonly latencyUs: number;
}

/** Labels of one symbol's rows by a rule. */
export function labelsOf(prices: LabelPrices, settings: LabelSettings): Labels {
  const { rule, ...rest } = settings;
  return rule.kind === "direction"
    ? directionLabels(prices, rest)
    : tripleBarrierLabels(prices, { ...rest, ...rule });
}

/**
 * Direction of the price from each row to a horizon later. There is no label where a price is missing at either end, or
 * where bars are missing in between.
 */
export function directionLabels(
  { barEndUs, entryPrice, exitPrice }: Pick<LabelPrices, "barEndUs" | "entryPrice" | "exitPrice">,
  { barUs, horizonUs, latencyUs }: Omit<LabelSettings, "rule">,
): Labels {
  const labelReturn =
    exitPrice === undefined
      ? futureReturns(entryPrice, barEndUs, { horizonBars: horizonUs / barUs, barUs })
      : entryPrice.map((price, i) =>
          isWhole(barEndUs, i, horizonUs, barUs) ? returnOf(price, exitPrice[i]!) : Number.NaN,
        );
  return {
    outcome: Float32Array.from(labelReturn, outcomeOf),
    labelReturn,
    labelEndUs: barEndUs.map((time) => time + latencyUs + horizonUs),
  };
}

/** Whether all bars that end within a horizon after a row are there. */
function isWhole(barEndUs: Float64Array, row: number, horizonUs: number, barUs: number): boolean {
  const bars = Math.floor(horizonUs / barUs);
  return (barEndUs[row + bars] ?? Number.NaN) - barEndUs[row]! === bars * barUs;
}
