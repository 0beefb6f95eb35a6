import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import { accuracy, chanceRate, majorityRate } from "./accuracy.js";
import { auc } from "./auc.js";
import { type BlockBootstrapOptions, blockBootstrap, type Uncertainty } from "./block-bootstrap.js";
import { brierLoss, brierSkillScore } from "./brier.js";
import { calibrationError } from "./calibration-error.js";
import { type Ceilings, ceilings, type Truth } from "./ceilings.js";
import { logLoss, logLossSkillScore } from "./log-loss.js";
import { orderByProbability } from "./order.js";

/** Figures with intervals. */
export interface Metrics {
  readonly accuracy: Uncertainty;
  /** Accuracy less the majority class's, paired. */
  readonly aboveMajority: Uncertainty;
  /** Accuracy less what the same share of "up" calls scores by chance, paired. */
  readonly aboveChance: Uncertainty;
  /** Accuracy less the logistic baseline's, paired; NaN for the baseline itself or without one. */
  readonly aboveLogistic: Uncertainty;
  readonly auc: Uncertainty;
  readonly brierLoss: Uncertainty;
  readonly brierSkillScore: Uncertainty;
  readonly logLoss: Uncertainty;
  readonly logLossSkillScore: Uncertainty;
  readonly calibrationError: Uncertainty;
}

/** Probabilities at some rows, and what they are measured with. */
export interface MeasuredRows {
  readonly dataset: Dataset;
  /** Ordered by symbol and time. */
  readonly rows: Uint32Array;
  readonly probability: Float64Array;
  /** The logistic baseline's probabilities at the same rows. */
  readonly baseline?: Float64Array;
  readonly truth?: Truth;
  readonly bootstrap: BlockBootstrapOptions;
}

/** What was measured. */
export interface Measured {
  readonly metrics: Metrics;
  /** Mean outcome less mean probability. */
  readonly residual: Uncertainty;
  /** Accuracies by true probability, where the truth is known. */
  readonly ceilings: Readonly<Record<keyof Ceilings, Uncertainty>> | undefined;
}

/** All figures that are bootstrapped, in one go over the same resamples. */
export function measure({
  dataset,
  rows,
  probability,
  baseline,
  truth,
  bootstrap,
}: MeasuredRows): Measured {
  const outcome = Float64Array.from(rows, (row) => dataset.outcome[row]!);
  // Sorted by probability once, so that no replicate has to sort again.
  const order = orderByProbability(probability);
  const sorted = (valueAt: (i: number) => number, chosen: Uint32Array): Float64Array =>
    Float64Array.from(chosen, (k) => valueAt(order[k]!));
  const times = Float64Array.from(order, (i) => dataset.barEndUs[rows[i]!]!);
  const { residual, ...metrics } = blockBootstrap(
    times,
    (chosen) => {
      const p = sorted((i) => probability[i]!, chosen);
      const y = sorted((i) => outcome[i]!, chosen);
      const right = accuracy(p, y);
      const base = baseline && sorted((i) => baseline[i]!, chosen);
      return {
        accuracy: right,
        aboveMajority: right - majorityRate(y),
        aboveChance: right - chanceRate(p, y),
        aboveLogistic: base === undefined ? Number.NaN : right - accuracy(base, y),
        auc: auc(p, y),
        brierLoss: brierLoss(p, y),
        brierSkillScore: brierSkillScore(p, y),
        logLoss: logLoss(p, y),
        logLossSkillScore: logLossSkillScore(p, y),
        calibrationError: calibrationError(p, y),
        residual: mean(y) - mean(p),
      };
    },
    bootstrap,
  );
  if (truth === undefined) return { metrics, residual, ceilings: undefined };
  const trueOf = (column: Float64Array, chosen: Uint32Array): Float64Array =>
    sorted((i) => column[rows[i]!]!, chosen);
  const ceiling = blockBootstrap(
    times,
    (chosen) => ({
      ...ceilings(
        sorted((i) => probability[i]!, chosen),
        {
          oracleUp: trueOf(truth.oracleUp, chosen),
          attainableUp: trueOf(truth.attainableUp, chosen),
        },
      ),
    }),
    bootstrap,
  );
  return { metrics, residual, ceilings: ceiling };
}
