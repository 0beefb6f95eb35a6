import { blockLengthUs } from "../core/block-bootstrap.js";
import { SIMULATED_EXCHANGE } from "../core/symbols.js";
import { MINUTE_US } from "../core/time.js";
import { foldTimeline, type SliceSpan, unauditedAmongFitted } from "../dataset/fold-timeline.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { COST_PRESETS } from "../trading/costs.js";
import type { Canary, CanaryRuns, CanaryShortfall } from "./canaries.js";
import type { Truth } from "./ceilings.js";
import { onCommonRows } from "./common-rows.js";
import type { CalibratorComparison } from "./compare-calibrators.js";
import type { Trials } from "./deflated-sharpe.js";
import { type ExecutionRequest, evaluateModel, type ModelEvaluation } from "./evaluate-model.js";
import type { Predicted } from "./group-accuracy.js";
import { dailySharpes, deflatedLadder, tradedLadder } from "./traded-ladder.js";
import { tradedRows } from "./traded-rows.js";

/** A model's calibrated probabilities on the test rows of all folds. */
export interface ModelPredictions extends Predicted {
  /** `logistic` is the baseline that others are compared with. */
  readonly model: string;
  /** By row of the dataset: 1 where the model is sure enough to act; left out where it acts on every row. */
  readonly isActedOn?: Uint8Array;
  /** Other rows of the test's time, which are traded and never scored; NaN where the model cannot be asked. */
  readonly untested?: Predicted;
  /** Kinds of calibrators beside none, where the model's fits are at hand. */
  readonly calibrators?: readonly CalibratorComparison[];
}

/** What to evaluate. */
export interface EvaluationRequest {
  readonly dataset: Dataset;
  readonly folds: readonly Fold[];
  readonly models: readonly ModelPredictions[];
  /** True probabilities at all rows of the dataset; only simulated data has them. */
  readonly truth?: Truth;
  /** Without any the gate on canaries stays undecided. */
  readonly canaries?: readonly Canary[];
  /** Why canaries were not run that were to be; then the gate on canaries cannot pass. */
  readonly canaryShortfalls?: readonly CanaryShortfall[];
  /** How positions are executed; default at the dataset's own prices with FTMO's fees. */
  readonly execution?: Partial<ExecutionRequest>;
  /**
   * What the ledger counts, given the daily Sharpe ratios of these models before costs, in their order; without it the gate on the deflated
   * Sharpe ratio stays undecided.
   */
  readonly trials?: (grossDailySharpes: readonly number[]) => Trials;
  readonly seed?: number;
  readonly replicates?: number;
}

/** Everything that reports and gates say of some models on one test period. */
export interface Evaluation extends CanaryRuns {
  readonly exchange: string;
  readonly isSimulated: boolean;
  readonly symbols: readonly string[];
  readonly labelKind: "mid" | "close";
  readonly horizonMinutes: number;
  /** Rows that every model predicted; all figures are on these, but that trading goes through the other rows of the test's time too. */
  readonly rows: number;
  /** First bar end and last label end of them, µs. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly slices: readonly SliceSpan[];
  /** Rows of the dataset that are neither trained nor scored on, by cause. */
  readonly excluded: Dataset["excluded"];
  readonly seed: number;
  readonly blockBars: number;
  readonly models: readonly ModelEvaluation[];
  /** True when a canary did not score as it must: nothing here can be believed. */
  readonly isVoid: boolean;
}

/**
 * Evaluates models on the rows that all of them predicted, and trades them on all rows of the test's time.
 *
 * @returns figures are NaN where there are no rows
 */
export function evaluate(request: EvaluationRequest): Evaluation {
  const { dataset, folds, canaries = [], canaryShortfalls = [], seed = 1 } = request;
  const { rows, models } = onCommonRows(request.models);
  const times = Float64Array.from(rows, (row) => dataset.barEndUs[row]!);
  const blockUs = blockLengthUs(dataset, times);
  const bootstrap = {
    blockUs,
    barUs: dataset.barUs,
    seed,
    ...(request.replicates === undefined ? {} : { replicates: request.replicates }),
  };
  const slices = foldTimeline(dataset, folds);
  const unauditedFittedRows = unauditedAmongFitted(dataset, folds);
  const baseline = models.find(({ model }) => model === "logistic");
  const execution = { costs: COST_PRESETS.ftmo, ...request.execution };
  const traded = tradedRows(request.models);
  const ladders = models.map((model, i) =>
    tradedLadder({ dataset, ...model, ...traded[i]! }, execution),
  );
  const trials = request.trials?.(ladders.map((ladder) => dailySharpes(ladder).grossDailySharpe));
  return {
    exchange: dataset.exchange,
    isSimulated: dataset.exchange === SIMULATED_EXCHANGE,
    symbols: dataset.symbols,
    labelKind: dataset.labelKind,
    horizonMinutes: dataset.horizonUs / MINUTE_US,
    rows: rows.length,
    ...testPeriod(dataset, rows),
    slices,
    excluded: dataset.excluded,
    seed,
    blockBars: blockUs / dataset.barUs,
    models: models.map((model, i) =>
      evaluateModel({
        dataset,
        ...model,
        bootstrap,
        execution,
        traded: traded[i]!,
        ladder: deflatedLadder(ladders[i]!, trials),
        canaries,
        trials,
        unauditedFittedRows,
        canaryShortfalls,
        ...(request.truth === undefined ? {} : { truth: request.truth }),
        ...(baseline === undefined || baseline === model ? {} : { baseline: baseline.probability }),
      }),
    ),
    canaries,
    canaryShortfalls,
    isVoid: canaries.some(({ isRight }) => !isRight),
  };
}

function testPeriod(dataset: Dataset, rows: Uint32Array): { fromUs: number; toUs: number } {
  let fromUs = Number.POSITIVE_INFINITY;
  let toUs = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    fromUs = Math.min(fromUs, dataset.barEndUs[row]!);
    toUs = Math.max(toUs, dataset.labelEndUs[row]!);
  }
  return { fromUs, toUs };
}
