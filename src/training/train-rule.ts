// What do rules know that need no training, asked as honestly as any model?
import { concatenate } from "../core/columns.js";
import { OptionError } from "../core/errors.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import type { Slices } from "../dataset/slices.js";
import { fitConstant } from "../models/constant.js";
import type { Model } from "../models/model.js";
import { identityScaler } from "../models/standard-scaler.js";
import { finishFold } from "./finish-fold.js";
import type { FoldFit } from "./fold-fit.js";
import type { RuleSettings } from "./settings.js";
import { rowsWithWindow } from "./slice-rows.js";

/**
 * Inputs that are the close's own log change up to the bar's end, by the bars they reach back. The close at the bar's end is
 * known when a decision is made; the price that the decision is executed at, half a second later, is not. (The input
 * `close` is the change over one bar.)
 */
const PRICE_CHANGES: readonly (readonly [name: string, bars: number])[] = [
  ["close", 1],
  ["log_ret_5", 5],
  ["log_ret_15", 15],
  ["log_ret_60", 60],
  ["log_ret_240", 240],
];

/**
 * Makes a rule a model like any other: its log-odds, ±1 for a side and 0 for none, are scaled by the calibrator on the
 * calibration slice, so that its probabilities mean what they say. Temperature keeps the rule's side. Platt's shifts too: where
 * the slice's drift outweighs the rule, the calibrated side is the drift's; the raw probability keeps the rule's own.
 *
 * @returns the fit; or what is missing
 * @throws {OptionError} the dataset lacks the input that the rule reads
 * @throws {DataError} the majority of outcomes that are all the same
 */
export async function trainRule(
  dataset: Dataset,
  fold: Fold,
  { model, calibrator }: RuleSettings,
): Promise<FoldFit | Shortfall> {
  const slices = rowsWithWindow(dataset, fold, 1, `${model} rule`);
  if (isShortfall(slices)) return slices;
  const scaler = identityScaler(dataset.featureNames.length);
  const fitted = { scaler, model: ruleOf(dataset, slices.rows, model) };
  return await finishFold(dataset, slices, fitted, { calibrator, history: [] });
}

function ruleOf(
  { outcome, featureNames, horizonBars }: Dataset,
  { train, earlyStop }: Slices,
  name: RuleSettings["model"],
): Model {
  switch (name) {
    case "majority": {
      // Nothing is stopped early, so both slices are training data.
      const known = (rows: Uint32Array): Float64Array =>
        Float64Array.from(rows, (row) => outcome[row]!);
      return fitConstant(concatenate([known(train), known(earlyStop)]));
    }
    case "persistence":
      return { kind: "sign", input: featureNames.indexOf(lastChange(featureNames, horizonBars)) };
    case "ofi-sign":
      return { kind: "sign", input: requireInput(featureNames, "ofi_norm", name) };
  }
}

/**
 * The input that holds the price's change over the bars nearest to the horizon, in ratio; the shorter one of two as near.
 *
 * @throws {OptionError} there is none
 */
export function lastChange(featureNames: readonly string[], horizonBars: number): string {
  const distance = (bars: number): number => Math.abs(Math.log(bars / horizonBars));
  const there = PRICE_CHANGES.filter(([name]) => featureNames.includes(name));
  const [first, ...others] = there;
  if (first === undefined) {
    throw missingInput(PRICE_CHANGES.map(([name]) => name).join(", "), "persistence");
  }
  return others.reduce(
    (best, one) => (distance(one[1]) < distance(best[1]) ? one : best),
    first,
  )[0];
}

function requireInput(featureNames: readonly string[], input: string, rule: string): number {
  const place = featureNames.indexOf(input);
  if (place === -1) throw missingInput(input, rule);
  return place;
}

function missingInput(input: string, rule: string): OptionError {
  return new OptionError({
    column: input,
    message: `was not among the dataset's inputs, and the rule "${rule}" reads it`,
    fix: "give data that it can be computed from (order flow needs an order book), or leave the rule out",
  });
}
