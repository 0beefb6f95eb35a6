import {
  type BlockBootstrapOptions,
  type Bootstrapped,
  weightedBootstrap,
} from "../core/block-bootstrap.js";
import { DIFFERENCE, POSITIVE, RATIO, type Range, SKILL } from "../core/figure-range.js";
import type { Dataset } from "../dataset/matrix.js";
import { type Ceilings, type Truth, weightedCeilings } from "./ceilings.js";
import { weightedFigures } from "./weighted-figures.js";

/** Figures with intervals and the independent rows that each rests on. */
export interface Metrics {
  readonly accuracy: Bootstrapped;
  readonly balancedAccuracy: Bootstrapped;
  readonly matthewsCorrelation: Bootstrapped;
  /** Accuracy less the majority class's, paired. */
  readonly aboveMajority: Bootstrapped;
  /** Accuracy less what the same share of "up" calls scores by chance, paired. */
  readonly aboveChance: Bootstrapped;
  /** Accuracy less the logistic baseline's, paired; NaN for the baseline itself or without one. */
  readonly aboveLogistic: Bootstrapped;
  readonly auc: Bootstrapped;
  readonly brierLoss: Bootstrapped;
  readonly brierSkillScore: Bootstrapped;
  readonly logLoss: Bootstrapped;
  readonly logLossSkillScore: Bootstrapped;
  /** On 10 bins of equal mass. */
  readonly calibrationError: Bootstrapped;
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
  readonly residual: Bootstrapped;
  /** Accuracies by true probability, where the truth is known. */
  readonly ceilings: Readonly<Record<keyof Ceilings, Bootstrapped>> | undefined;
}

const RANGES: Readonly<Partial<Record<keyof Metrics | keyof Ceilings | "residual", Range>>> = {
  accuracy: RATIO,
  balancedAccuracy: RATIO,
  matthewsCorrelation: DIFFERENCE,
  aboveMajority: DIFFERENCE,
  aboveChance: DIFFERENCE,
  aboveLogistic: DIFFERENCE,
  auc: RATIO,
  brierLoss: RATIO,
  brierSkillScore: SKILL,
  logLoss: POSITIVE,
  logLossSkillScore: SKILL,
  calibrationError: RATIO,
  residual: DIFFERENCE,
  oracle: RATIO,
  attainable: RATIO,
  model: RATIO,
  oracleMinusAttainable: DIFFERENCE,
  attainableMinusModel: DIFFERENCE,
};

/** All figures that are bootstrapped, in one go over the same resamples. */
export function measure({
  dataset,
  rows,
  probability,
  baseline,
  truth,
  bootstrap,
}: MeasuredRows): Measured {
  const at = (column: ArrayLike<number>): Float64Array =>
    Float64Array.from(rows, (row) => column[row]!);
  const figures = weightedFigures({
    probability,
    outcome: at(dataset.outcome),
    ...(baseline === undefined ? {} : { baseline }),
  });
  const rangeOf = (name: string): Range | undefined => RANGES[name as keyof typeof RANGES];
  const options = { ...bootstrap, horizonBars: dataset.horizonBars, rangeOf };
  const times = at(dataset.barEndUs);
  if (truth === undefined) {
    const { residual, ...metrics } = weightedBootstrap(times, figures, options);
    return { metrics, residual, ceilings: undefined };
  }
  const known = weightedCeilings(probability, {
    oracleUp: at(truth.oracleUp),
    attainableUp: at(truth.attainableUp),
  });
  const all = weightedBootstrap(
    times,
    (weight) => ({ ...figures(weight), ...known(weight) }),
    options,
  );
  const {
    oracle,
    attainable,
    model,
    oracleMinusAttainable,
    attainableMinusModel,
    attainableShare,
    residual,
    ...metrics
  } = all;
  const rooms = { oracleMinusAttainable, attainableMinusModel, attainableShare };
  return { metrics, residual, ceilings: { oracle, attainable, model, ...rooms } };
}
