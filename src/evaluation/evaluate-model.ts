import type { Uncertainty } from "../core/block-bootstrap.js";
import { effectiveSampleSize } from "../core/effective-sample-size.js";
import { blockCount } from "../core/resample.js";
import { mean } from "../core/statistics.js";
import type { Costs } from "../trading/costs.js";
import type { Funding } from "../trading/funding.js";
import { chanceRate, hits, majorityRate } from "./accuracy.js";
import { type ActedFigures, actedFigures } from "./acted-figures.js";
import type { BacktestLadder } from "./backtest-ladder.js";
import { type CalibrationRows, calibrationRows } from "./calibration-rows.js";
import type { Canary, CanaryShortfall } from "./canaries.js";
import type { CalibratorComparison } from "./compare-calibrators.js";
import { type CoveragePoint, coverageCurve } from "./coverage.js";
import type { Trials } from "./deflated-sharpe.js";
import type { ExecutionBooks } from "./execution-books.js";
import { evaluateGates, type Gate, type OverallVerdict, overallVerdict } from "./gates.js";
import {
  accuracyByHour,
  accuracyByMonth,
  accuracyByRegime,
  accuracyBySymbol,
  type GroupAccuracy,
  type Predicted,
  type RegimeAccuracy,
} from "./group-accuracy.js";
import { type Measured, type MeasuredRows, type Metrics, measure } from "./measure.js";
import { type ReliabilityPoint, reliabilityCurve } from "./reliability.js";
import { type JudgedBacktest, type JudgedLadder, judgedLadder } from "./trading-intervals.js";
import { untradedReason } from "./untraded.js";
import { type WithoutBad, withoutBad } from "./without-bad.js";

/** Everything said of one model. */
export interface ModelEvaluation extends CalibrationRows {
  readonly model: string;
  readonly rows: number;
  /** Blocks of time that they fill; fewer than three tell no interval. */
  readonly blocks: number;
  /** Independent rows that would give accuracy's standard error. */
  readonly effectiveRows: number;
  readonly metrics: Metrics;
  readonly upRate: number;
  readonly majorityRate: number;
  readonly chanceRate: number;
  /** Of the rows that are acted on, which are those that are traded. */
  readonly acted: ActedFigures;
  /** Tries in the ledger: trials, each once for every way of executing it; NaN where there is none. */
  readonly trials: number;
  /** Accuracies by true probability; only of simulated data. */
  readonly ceilings?: NonNullable<Measured["ceilings"]>;
  readonly reliability: readonly ReliabilityPoint[];
  /** Kinds of calibrators beside none at all; only of models whose fits are at hand. */
  readonly calibrators?: readonly CalibratorComparison[];
  readonly coverage: readonly CoveragePoint[];
  readonly bySymbol: readonly GroupAccuracy[];
  readonly byHour: readonly GroupAccuracy[];
  readonly byMonth: readonly GroupAccuracy[];
  readonly byRegime: RegimeAccuracy;
  /** The same probabilities traded ever less ideally. */
  readonly ladder: JudgedLadder;
  /** Its last rung, with everything that trading costs. */
  readonly backtest: JudgedBacktest;
  /** Test rows in bad hours, all of which are in the figures above. */
  readonly badRows: number;
  /** Share of bad hours among the rows that are traded, those without a label too. */
  readonly badShare: number;
  /** The main figures without them. */
  readonly withoutBad: WithoutBad;
  /** Test rows, and rows of the fitted slices, that no audit has judged. */
  readonly unauditedRows: number;
  readonly unauditedFittedRows: number;
  readonly gates: readonly Gate[];
  readonly verdict: OverallVerdict;
}

/** How positions are executed. */
export interface ExecutionRequest {
  readonly costs: Costs;
  /** Books at the test rows; without them the dataset's own prices serve. */
  readonly books?: ExecutionBooks;
  /** By symbol; none is paid where left out. */
  readonly funding?: readonly Funding[];
  readonly capitalUsd?: number;
}

/** One model's probabilities at the test rows and what they are measured with. */
export interface ModelEvaluationRequest extends MeasuredRows {
  readonly model: string;
  /** By row of the dataset: 1 where the model is sure enough to act; left out where it acts on every row. */
  readonly isActedOn?: Uint8Array;
  readonly calibrators?: readonly CalibratorComparison[];
  readonly execution: ExecutionRequest;
  /** The rows that are traded: the test rows and those of their time without a label. */
  readonly traded: Predicted;
  readonly ladder: BacktestLadder;
  readonly canaries: readonly Canary[];
  readonly canaryShortfalls: readonly CanaryShortfall[];
  readonly trials: Trials | undefined;
  /** Rows of the fitted slices that no audit has judged. */
  readonly unauditedFittedRows: number;
}

/** Measures one model on its test rows and asks the gates. */
export function evaluateModel(request: ModelEvaluationRequest): ModelEvaluation {
  const { dataset, model, rows, probability, bootstrap, execution } = request;
  const { trials, calibrators } = request;
  const outcome = Float64Array.from(rows, (row) => dataset.outcome[row]!);
  const measured = measure(request);
  const { metrics, ceilings } = measured;
  const predicted = { rows, probability };
  const acted = actedFigures(request, { costs: execution.costs, bootstrap });
  const groups = { ...bootstrap, whole: metrics.accuracy };
  const known = request.truth === undefined ? {} : { truth: request.truth };
  const ladder = judgedLadder(request.ladder, bootstrap);
  const backtest = { costs: execution.costs, ...ladder.rungs.at(-1)! };
  const reliability = reliabilityCurve(dataset, predicted, bootstrap);
  const figures = {
    ...countedRows(request),
    ...calibrationRows({
      ...{ probability, outcome, bins: reliability, residual: measured.residual },
      horizonBars: dataset.horizonBars,
    }),
  };
  const times = Float64Array.from(rows, (row) => dataset.barEndUs[row]!);
  const blocks = blockCount(times, bootstrap);
  const gates = gatesOf(request, { metrics, acted, backtest, blocks, ...figures });
  return {
    model,
    rows: rows.length,
    blocks,
    effectiveRows: effective(request, hits(probability, outcome), metrics.accuracy),
    metrics,
    upRate: mean(outcome),
    majorityRate: majorityRate(outcome),
    chanceRate: chanceRate(probability, outcome),
    acted,
    trials: trials?.count ?? Number.NaN,
    ...(ceilings === undefined ? {} : { ceilings }),
    reliability,
    ...(calibrators === undefined ? {} : { calibrators }),
    coverage: coverageCurve(dataset, predicted, bootstrap),
    bySymbol: accuracyBySymbol(dataset, predicted, { ...groups, ...known }),
    byHour: accuracyByHour(dataset, predicted, groups),
    byMonth: accuracyByMonth(dataset, predicted, groups),
    byRegime: accuracyByRegime(dataset, predicted, groups),
    ladder,
    backtest,
    withoutBad: withoutBad(request, { metrics, backtest }),
    gates,
    verdict: overallVerdict(gates),
    ...figures,
  };
}

function effective(
  { dataset }: ModelEvaluationRequest,
  values: Float64Array,
  { standardError }: Uncertainty,
): number {
  return effectiveSampleSize(values, standardError, { horizonBars: dataset.horizonBars });
}

type CountedRows = Pick<
  ModelEvaluation,
  "badRows" | "badShare" | "unauditedRows" | "unauditedFittedRows"
>;

function countedRows({
  dataset,
  rows,
  traded,
  unauditedFittedRows,
}: ModelEvaluationRequest): CountedRows {
  const { isBad, isAudited } = dataset;
  const badRows = rows.filter((row) => isBad[row] === 1).length;
  const badShare = traded.rows.filter((row) => isBad[row] === 1).length / traded.rows.length;
  const unauditedRows = rows.filter((row) => isAudited[row] === 0).length;
  return { badRows, badShare, unauditedRows, unauditedFittedRows };
}

function gatesOf(
  request: ModelEvaluationRequest,
  figures: Pick<ModelEvaluation, "metrics" | "acted" | "backtest" | "blocks"> &
    CountedRows &
    CalibrationRows,
): readonly Gate[] {
  const { dataset, model, canaries, canaryShortfalls, trials } = request;
  const { metrics, acted, backtest, ...rest } = figures;
  const untraded = untradedReason(request);
  const { accuracy, coverage, majorityRate: baseRate, breakEvenAccuracy } = acted;
  return evaluateGates({
    ...rest,
    model,
    labelKind: dataset.labelKind,
    accuracy,
    coverage,
    actedBlocks: acted.blocks,
    majorityRate: baseRate,
    breakEvenAccuracy,
    aboveMajority: metrics.aboveMajority,
    ...(model === "logistic" ? {} : { aboveLogistic: metrics.aboveLogistic }),
    brierSkill: metrics.brierSkillScore,
    calibrationError: metrics.calibrationError,
    // Money acts on some rows: what is stated there must be true as well.
    ...(acted.rows === request.rows.length ? {} : { actedCalibration: acted }),
    sharpe: backtest.sharpe,
    leftOpen: backtest.leftOpen,
    days: backtest.daily.length,
    ...(untraded === undefined ? {} : { untraded }),
    unauditedRows: request.traded.rows.filter((row) => dataset.isAudited[row] === 0).length,
    deflatedSharpe: backtest.deflatedSharpe,
    trials: trials?.count ?? Number.NaN,
    canaries: canaries.length,
    canariesRight: canaries.filter(({ isRight }) => isRight).length,
    canariesNotRun: canaryShortfalls.flatMap((lack) => lack.canaries),
  });
}
