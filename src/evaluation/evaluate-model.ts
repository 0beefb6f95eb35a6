import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import { type Costs, sideCostBps } from "../trading/costs.js";
import { chanceRate, hits, majorityRate } from "./accuracy.js";
import { type Backtest, backtest } from "./backtest.js";
import type { Uncertainty } from "./block-bootstrap.js";
import { calibrationNoiseFloor } from "./calibration-error.js";
import type { Canary } from "./canaries.js";
import { type CoveragePoint, coverageCurve } from "./coverage.js";
import { deflatedSharpe, type Trials } from "./deflated-sharpe.js";
import { effectiveSampleSize } from "./effective-sample-size.js";
import { evaluateGates, type Gate, type GateVerdict, overallVerdict } from "./gates.js";
import { accuracyByHour, accuracyBySymbol, type GroupAccuracy } from "./group-accuracy.js";
import { type Measured, type MeasuredRows, type Metrics, measure } from "./measure.js";
import { type ReliabilityBin, reliabilityBins } from "./reliability.js";
import { type WithoutBad, withoutBad } from "./without-bad.js";

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
  /** Distinct trials in the ledger; NaN where there is none. */
  readonly trials: number;
  /** Accuracies by true probability; only of simulated data. */
  readonly ceilings?: NonNullable<Measured["ceilings"]>;
  readonly reliability: readonly ReliabilityBin[];
  readonly coverage: readonly CoveragePoint[];
  readonly bySymbol: readonly GroupAccuracy[];
  readonly byHour: readonly GroupAccuracy[];
  readonly backtest: Backtest;
  /** Test rows in bad hours, all of which are in the figures above, and their share. */
  readonly badRows: number;
  readonly badShare: number;
  /** The main figures without them. */
  readonly withoutBad: WithoutBad;
  /** Test rows, and rows of the fitted slices, that no audit has judged. */
  readonly unauditedRows: number;
  readonly unauditedFittedRows: number;
  readonly gates: readonly Gate[];
  readonly verdict: GateVerdict;
}

/** One model's probabilities at the test rows and what they are measured with. */
export interface ModelEvaluationRequest extends MeasuredRows {
  readonly model: string;
  readonly costs: Costs;
  readonly canaries: readonly Canary[];
  readonly trials: Trials | undefined;
  /** Rows of the fitted slices that no audit has judged. */
  readonly unauditedFittedRows: number;
}

/** Measures one model on its test rows and asks the gates. */
export function evaluateModel(request: ModelEvaluationRequest): ModelEvaluation {
  const { dataset, model, rows, probability, bootstrap, costs, canaries, trials } = request;
  const outcome = Float64Array.from(rows, (row) => dataset.outcome[row]!);
  const { metrics, residual, ceilings } = measure(request);
  const { horizonBars } = dataset;
  const effective = (values: Float64Array, { standardError }: Uncertainty): number =>
    effectiveSampleSize(values, standardError, { horizonBars });
  const calibrationRows = effective(
    outcome.map((y, i) => y - probability[i]!),
    residual,
  );
  const reliability = reliabilityBins(probability, outcome);
  const traded = backtest(dataset, rows, probability, costs);
  const badRows = rows.filter((row) => dataset.isBad[row] === 1).length;
  const figures = {
    majorityRate: majorityRate(outcome),
    calibrationNoiseFloor: calibrationNoiseFloor(reliability, calibrationRows),
    trials: trials?.count ?? Number.NaN,
    breakEvenAccuracy: breakEvenAccuracy(dataset, rows, costs),
    calibrationRows,
    badShare: badRows / rows.length,
    unauditedRows: rows.filter((row) => dataset.isAudited[row] === 0).length,
    unauditedFittedRows: request.unauditedFittedRows,
  };
  const { aboveLogistic } = metrics;
  const gates = evaluateGates({
    model,
    labelKind: dataset.labelKind,
    accuracy: metrics.accuracy,
    coverage: 1,
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
    ...(ceilings === undefined ? {} : { ceilings }),
    reliability,
    coverage: coverageCurve(dataset, { rows, probability }, bootstrap),
    bySymbol: accuracyBySymbol(dataset, { rows, probability }, bootstrap),
    byHour: accuracyByHour(dataset, { rows, probability }, bootstrap),
    badRows,
    withoutBad: withoutBad(request, { metrics, backtest: traded }),
    backtest: traded,
    gates,
    verdict: overallVerdict(gates),
    ...figures,
  };
}

/** Accuracy at which a bet on every bar pays its way in and out: ½ + cost / (2 · mean |return|). */
function breakEvenAccuracy(dataset: Dataset, rows: Uint32Array, costs: Costs): number {
  const moves = Float64Array.from(rows, (row) => Math.abs(dataset.labelReturn[row]!));
  const sides = Float64Array.from(rows, (row) => sideCostBps(costs, dataset.halfSpreadBps[row]!));
  return 0.5 + (2e-4 * mean(sides)) / (2 * mean(moves));
}
