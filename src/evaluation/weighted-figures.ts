// What do all figures say of a resample, without a copy of its rows? Each is made of sums that weights enter.

import type { WeightedStatistic } from "../core/block-bootstrap.js";
import { requireSameLength } from "../core/columns.js";
import { rowLogLoss } from "../core/row-log-loss.js";
import { totalWeight, weightedSum } from "../core/weighted-sum.js";
import { chosenSideValue, hits } from "./accuracy.js";
import { weightedAuc } from "./auc.js";
import { balancedAccuracyOf } from "./balanced-accuracy.js";
import { calibrationErrorOf } from "./calibration-error.js";
import { confusionOf } from "./confusion-matrix.js";
import { matthewsCorrelationOf } from "./matthews-correlation.js";
import { rankRows, rankWeight } from "./order.js";
import { weightedReliabilityBins } from "./reliability.js";

/** Rows with what was said of them and what came; all columns have the same length. */
export interface ScoredRows {
  readonly probability: Float64Array;
  readonly outcome: Float64Array;
  /** The logistic baseline's probabilities. */
  readonly baseline?: Float64Array;
}

type CallName =
  | "accuracy"
  | "balancedAccuracy"
  | "matthewsCorrelation"
  | "aboveMajority"
  | "aboveChance"
  | "aboveLogistic";
type RankName = "auc" | "calibrationError";
type LossName = "brierLoss" | "brierSkillScore" | "logLoss" | "logLossSkillScore" | "residual";

/**
 * All figures of some rows, each as often as its weight says: what the plain metrics give for rows repeated so often.
 *
 * @returns figures by weights; `aboveLogistic` is NaN without a baseline
 * @throws {ShapeError} the lengths differ
 */
export function weightedFigures(
  rows: ScoredRows,
): WeightedStatistic<CallName | RankName | LossName> {
  const { probability, outcome, baseline = probability } = rows;
  requireSameLength({ probability, outcome, baseline });
  const calls = weightedCalls(rows);
  const ranks = weightedRanks(rows);
  const losses = weightedLosses(rows);
  return (weight) => ({ ...calls(weight), ...ranks(weight), ...losses(weight) });
}

/** Of these figures those that only the called sides matter to. */
export function weightedCalls({
  probability,
  outcome,
  baseline,
}: ScoredRows): WeightedStatistic<CallName> {
  const call = probability.map((p) => chosenSideValue(p, 1));
  const called = outcome.map((y, i) => y * call[i]!);
  const baselineHits = baseline && hits(baseline, outcome);
  return (weight) => {
    const rows = totalWeight(weight);
    const ups = weightedSum(weight, outcome);
    const upCalls = weightedSum(weight, call);
    const matrix = confusionOf({ rows, ups, upCalls, upsCalled: weightedSum(weight, called) });
    const accuracy = (matrix.truePositive + matrix.trueNegative) / rows;
    const up = ups / rows;
    const upCall = upCalls / rows;
    return {
      accuracy,
      balancedAccuracy: balancedAccuracyOf(matrix),
      matthewsCorrelation: matthewsCorrelationOf(matrix),
      aboveMajority: accuracy - Math.max(up, 1 - up),
      aboveChance: accuracy - (upCall * up + (1 - upCall) * (1 - up)),
      aboveLogistic:
        baselineHits === undefined
          ? Number.NaN
          : accuracy - weightedSum(weight, baselineHits) / rows,
    };
  };
}

/** Figures that need rows in the order of their probabilities, which are sorted once. */
function weightedRanks({ probability, outcome }: ScoredRows): WeightedStatistic<RankName> {
  const ranked = rankRows(probability, outcome);
  const inOrder = new Uint32Array(probability.length);
  return (weight) => {
    rankWeight(ranked, weight, inOrder);
    return {
      auc: weightedAuc(ranked, inOrder),
      calibrationError: calibrationErrorOf(weightedReliabilityBins(ranked, inOrder)),
    };
  };
}

/** Losses of probabilities, and how far they are off on average. */
function weightedLosses({ probability, outcome }: ScoredRows): WeightedStatistic<LossName> {
  const squares = outcome.map((y, i) => (probability[i]! - y) ** 2);
  const logs = outcome.map((y, i) => rowLogLoss(probability[i]!, y));
  const outcomeSquares = outcome.map((y) => y * y);
  return (weight) => {
    const rows = totalWeight(weight);
    const up = weightedSum(weight, outcome) / rows;
    const brierLoss = weightedSum(weight, squares) / rows;
    const logLoss = weightedSum(weight, logs) / rows;
    // Of the base rate: mean (up − y)² = mean y² − up², and its log-loss is linear in y.
    const brierReference = weightedSum(weight, outcomeSquares) / rows - up * up;
    const logReference = up * rowLogLoss(up, 1) + (1 - up) * rowLogLoss(up, 0);
    return {
      brierLoss,
      brierSkillScore: brierReference === 0 ? Number.NaN : 1 - brierLoss / brierReference,
      logLoss,
      logLossSkillScore: up === 0 || up === 1 ? Number.NaN : 1 - logLoss / logReference,
      residual: up - weightedSum(weight, probability) / rows,
    };
  };
}
