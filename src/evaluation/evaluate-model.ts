import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import { type Costs, sideCostBps } from "../trading/costs.js";
import { accuracy, chanceRate, hits, majorityRate } from "./accuracy.js";
import { auc } from "./auc.js";
import { type Backtest, backtest } from "./backtest.js";
import { type BlockBootstrapOptions, blockBootstrap, type Uncertainty } from "./block-bootstrap.js";
import { brierLoss, brierSkillScore } from "./brier.js";
import { calibrationError, calibrationNoiseFloor } from "./calibration-error.js";
import type { Canary } from "./canaries.js";
import { type Ceilings, ceilings, type Truth } from "./ceilings.js";
import { type CoveragePoint, coverageCurve } from "./coverage.js";
import { deflatedSharpe, type Trials } from "./deflated-sharpe.js";
import { effectiveSampleSize } from "./effective-sample-size.js";
import { evaluateGates, type Gate, type GateVerdict, overallVerdict } from "./gates.js";
import { accuracyByHour, accuracyBySymbol, type GroupAccuracy } from "./group-accuracy.js";
import { logLoss, logLossSkillScore } from "./log-loss.js";
import { orderByProbability } from "./order.js";
import { type ReliabilityBin, reliabilityBins } from "./reliability.js";

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

/** Everything said of one model. */
export interface ModelEvaluation {
  readonly model: string;
  readonly rows: number;
  /** Independent rows that would give accuracy's standard error. */
  readonly effectiveRows: number;
  readonly metrics: Metrics;
  readonly upRate: number;
  readonly majorityRate: number;
  readonly chanceRate: number;
  readonly breakEvenAccuracy: number;
  /** Calibration error that a perfectly calibrated model would show on as many effective rows. */
  readonly calibrationNoiseFloor: number;
  readonly calibrationRows: number;
  /** Accuracies by true probability; only of simulated data. */
  readonly ceilings?: Readonly<Record<keyof Ceilings, Uncertainty>>;
  readonly reliability: readonly ReliabilityBin[];
  readonly coverage: readonly CoveragePoint[];
  readonly bySymbol: readonly GroupAccuracy[];
  readonly byHour: readonly GroupAccuracy[];
  /** Test rows in bad hours, and accuracy without them; NaN share when an hour was not audited. */
  readonly badShare: number;
  readonly accuracyWithoutBad: number;
  readonly backtest: Backtest;
  readonly gates: readonly Gate[];
  readonly verdict: GateVerdict;
}

/** One model's probabilities and what they are measured with. */
export interface ModelEvaluationRequest {
  readonly dataset: Dataset;
  readonly model: string;
  /** Ordered by symbol and time. */
  readonly rows: Uint32Array;
  readonly probability: Float64Array;
  /** The logistic baseline's probabilities at the same rows. */
  readonly baseline?: Float64Array;
  readonly truth?: Truth;
  readonly bootstrap: BlockBootstrapOptions;
  readonly costs: Costs;
  readonly canaries: readonly Canary[];
  readonly trials: Trials | undefined;
}

/** Measures one model on its test rows and asks the gates. */
export function evaluateModel(request: ModelEvaluationRequest): ModelEvaluation {
  const { dataset, model, rows, probability, bootstrap, costs, canaries, trials } = request;
  const outcome = Float64Array.from(rows, (row) => dataset.outcome[row]!);
  const { metrics, residual, ceilings } = measure(request, outcome);
  const { horizonBars } = dataset;
  const effective = (values: Float64Array, { standardError }: Uncertainty): number =>
    effectiveSampleSize(values, standardError, { horizonBars });
  const calibrationRows = effective(
    outcome.map((y, i) => y - probability[i]!),
    residual,
  );
  const reliability = reliabilityBins(probability, outcome);
  const traded = backtest(dataset, rows, probability, costs);
  const kept = Uint32Array.from(rows, (_, i) => i).filter((i) => dataset.isBad[rows[i]!] === 0);
  const isAudited = rows.every((row) => dataset.isAudited[row] === 1);
  const figures = {
    majorityRate: majorityRate(outcome),
    breakEvenAccuracy: breakEvenAccuracy(dataset, rows, costs),
    calibrationRows,
    badShare: isAudited ? 1 - kept.length / rows.length : Number.NaN,
  };
  const { aboveLogistic } = metrics;
  const gates = evaluateGates({
    model,
    labelKind: dataset.labelKind,
    accuracy: metrics.accuracy,
    aboveMajority: metrics.aboveMajority,
    ...(model === "logistic" ? {} : { aboveLogistic }),
    brierSkill: metrics.brierSkillScore,
    calibrationError: metrics.calibrationError,
    sharpe: traded.sharpe,
    days: traded.daily.length,
    deflatedSharpe: deflatedSharpe(
      traded.daily.map(({ net }) => net),
      trials,
    ),
    canaries: canaries.length,
    canariesRight: canaries.filter(({ isRight }) => isRight).length,
    ...figures,
  });
  return {
    model,
    rows: rows.length,
    effectiveRows: effective(hits(probability, outcome), metrics.accuracy),
    metrics,
    upRate: mean(outcome),
    chanceRate: chanceRate(probability, outcome),
    calibrationNoiseFloor: calibrationNoiseFloor(reliability, calibrationRows),
    ...(ceilings === undefined ? {} : { ceilings }),
    reliability,
    coverage: coverageCurve(probability, outcome),
    bySymbol: accuracyBySymbol(dataset, { rows, probability }, bootstrap),
    byHour: accuracyByHour(dataset, { rows, probability }, bootstrap),
    accuracyWithoutBad: accuracy(
      Float64Array.from(kept, (i) => probability[i]!),
      Float64Array.from(kept, (i) => outcome[i]!),
    ),
    backtest: traded,
    gates,
    verdict: overallVerdict(gates),
    ...figures,
  };
}

/** All figures that are bootstrapped, in one go over the same resamples. */
function measure(
  { dataset, rows, probability, baseline, truth, bootstrap }: ModelEvaluationRequest,
  outcome: Float64Array,
): {
  readonly metrics: Metrics;
  readonly residual: Uncertainty;
  readonly ceilings: ModelEvaluation["ceilings"];
} {
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

/** Accuracy at which a bet on every bar pays its way in and out: ½ + cost / (2 · mean |return|). */
function breakEvenAccuracy(dataset: Dataset, rows: Uint32Array, costs: Costs): number {
  const moves = Float64Array.from(rows, (row) => Math.abs(dataset.labelReturn[row]!));
  const sides = Float64Array.from(rows, (row) => sideCostBps(costs, dataset.halfSpreadBps[row]!));
  return 0.5 + (2e-4 * mean(sides)) / (2 * mean(moves));
}
