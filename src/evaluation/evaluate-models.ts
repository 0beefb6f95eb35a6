// The evaluation of an experiment's models, as the ledger gets it.

import { blockLengthUs } from "../core/block-bootstrap.js";
import { canonicalJson } from "../core/content-hash.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { MINUTE_US } from "../core/time.js";
import type { TrialStatistics } from "../registry/entries.js";
import { recordEvaluation, TriedMeanwhileError } from "../registry/evaluations.js";
import { readLedger } from "../registry/ledger.js";
import { type LedgerState, statisticsOf } from "../registry/ledger-state.js";
import type { Store } from "../store/store.js";
import { COST_PRESETS, type CostPreset, type Costs } from "../trading/costs.js";
import type { TrainedModel } from "../training/trained-model.js";
import { actedOn } from "./acted-on.js";
import { modelCanaries } from "./canaries/model-canaries.js";
import { rebuiltRows } from "./canaries/rebuilt-rows.js";
import { canaryRuns, runCanaries } from "./canaries.js";
import { onCommonRows } from "./common-rows.js";
import { compareCalibrators } from "./compare-calibrators.js";
import { type Evaluation, evaluate } from "./evaluate.js";
import type { ModelEvaluation } from "./evaluate-model.js";
import { EvaluationSteps, type OnStep } from "./evaluation-steps.js";
import { executionBooks } from "./execution-books.js";
import type { Experiment } from "./experiment.js";
import { fundingRates } from "./funding-rates.js";
import { compareRungs, type Ladder } from "./ladder.js";
import { DEFAULT_STAKE } from "./trade-rows.js";
import { dailySharpes } from "./traded-ladder.js";
import { predictionsOf, tradedRows } from "./traded-rows.js";
import { readTruth } from "./truth.js";

/** How to evaluate. */
export interface EvaluateRequest {
  readonly seed: number;
  /** Whose fees and funding; default FTMO's. */
  readonly costs?: CostPreset;
  /** Capital that is traded with, USD. */
  readonly capitalUsd?: number;
  /** Names of the models whose evaluations are recorded; default all. */
  readonly record?: readonly string[];
  /** Random walks of the canaries; default as many as make up some ten thousands of bars, and tell luck. */
  readonly walks?: number;
  /** Called as each step begins, with what it is, and at the end. */
  readonly onProgress?: OnStep;
}

/** An evaluation of an experiment's models, with what each rung gains over the one before. */
export interface ExperimentEvaluation extends Evaluation {
  readonly rungs: Ladder;
  /** What the deflated Sharpe ratios are held against. */
  readonly trials: TrialStatistics;
}

/**
 * Evaluates the models that could be trained, on the rows that all of them predicted: canaries, metrics, calibrators, the
 * backtest down its ladder on the stored books, gates. Evaluations are recorded in the ledger.
 *
 * @returns what is missing when no model could be trained
 * @throws {DataError} a partition is damaged, or the ledger does not hold what was written
 */
export async function evaluateModels(
  store: Store,
  experiment: Experiment | Shortfall,
  models: readonly (TrainedModel | Shortfall)[],
  request: EvaluateRequest,
): Promise<ExperimentEvaluation | Shortfall> {
  if (isShortfall(experiment)) return experiment;
  const trained = models.flatMap((model) => (isShortfall(model) ? [] : [model]));
  const missing = models.find(isShortfall);
  if (trained.length === 0 && missing !== undefined) return missing;
  const { record = trained.map(({ name }) => name) } = request;
  const against = await measured(store, experiment, trained, { ...request, record });
  const recorded = trained.filter(({ name }) => record.includes(name));
  return await recordedAgainst(store.root, recorded, against);
}

/** An evaluation against the trials of a ledger, and whether another ledger has the same. */
export interface Judged {
  readonly evaluation: ExperimentEvaluation;
  readonly isCurrent: (state: LedgerState) => boolean;
}

/** Evaluations that others record meanwhile, before one of these is given up. */
const ROUNDS = 5;

/**
 * Records models' evaluations against the ledger as it stands: what others add while it is looked at is counted, too.
 *
 * @param root - of the store
 * @param against - evaluates them against a ledger
 * @throws {DataError} others added to the ledger each time
 */
export async function recordedAgainst(
  root: string,
  models: readonly Pick<TrainedModel, "key" | "name">[],
  against: (state: LedgerState) => Judged,
): Promise<ExperimentEvaluation> {
  for (let round = 1; ; round++) {
    const { evaluation, isCurrent } = against((await readLedger(root)).state);
    try {
      for (const model of models) await recordModel(root, model, evaluation, { isCurrent });
      return evaluation;
    } catch (error) {
      if (!(error instanceof TriedMeanwhileError) || round === ROUNDS) throw error;
    }
  }
}

type RecordedRequest = EvaluateRequest & Required<Pick<EvaluateRequest, "record">>;

async function measured(
  store: Store,
  { dataset, folds, origin }: Experiment,
  trained: readonly TrainedModel[],
  { seed, costs: preset = "ftmo", capitalUsd, walks, record, onProgress }: RecordedRequest,
): Promise<(state: LedgerState) => Judged> {
  const steps = new EvaluationSteps(onProgress);
  const costs = COST_PRESETS[preset];
  const capital = capitalUsd === undefined ? {} : { capitalUsd };
  const { rows } = onCommonRows(trained.map(predictionsOf));
  const times = Float64Array.from(rows, (row) => dataset.barEndUs[row]!);
  const bootstrap = { blockUs: blockLengthUs(dataset, times), barUs: dataset.barUs, seed };
  const tradedAt = tradedRows(trained.map(predictionsOf))[0]?.rows ?? rows;
  const funding = await fundingRates(store, dataset, tradedAt, costs);
  const truth = await readTruth(store, dataset);
  const { state } = await readLedger(store.root);
  const shared = await runCanaries(dataset, folds, {
    seed,
    ...(walks === undefined ? {} : { walks }),
    onProgress: steps.canary,
  });
  steps.begin("refits");
  const ofModels = await modelCanaries(dataset, folds, trained, { seed, state });
  steps.begin("rebuilt rows");
  const rebuilt = await rebuiltRows(store, dataset, folds, { seed, source: origin.source });
  steps.begin("books");
  const books = await executionBooks(store, dataset, tradedAt, capital);
  steps.begin("models");
  const predictions = trained.map((model) => ({
    ...predictionsOf(model),
    isActedOn: actedOn(dataset, model.folds, model.settings.coverage).isActedOn,
    calibrators: compareCalibrators(dataset, model.folds, { ...bootstrap, rows }),
  }));
  const known = truth === undefined ? {} : { truth };
  const counted = { record, costs, ...capital, horizonMinutes: dataset.horizonUs / MINUTE_US };
  const execution = {
    costs,
    books,
    ...(funding === undefined ? {} : { funding: funding.funding }),
    ...capital,
  };
  const rungs = compareRungs(dataset, predictions, { ...bootstrap, ...known });
  steps.end();
  return (ledger) => {
    const statistics = ledgerStatistics(ledger, trained, counted);
    const evaluation = evaluate({
      dataset,
      folds,
      models: predictions,
      ...known,
      ...canaryRuns([...shared, ...ofModels, rebuilt]),
      execution,
      trials: statistics,
      seed,
    });
    const ratios = evaluation.models.map(({ ladder }) => dailySharpes(ladder).grossDailySharpe);
    const trials = statistics(ratios);
    return {
      evaluation: { ...evaluation, rungs, trials },
      isCurrent: (present) => {
        const now = ledgerStatistics(present, trained, counted)(ratios);
        return canonicalJson(now) === canonicalJson(trials);
      },
    };
  };
}

/** How models are evaluated, as the ledger counts it. */
interface Counted {
  /** Names of the models whose evaluations will be recorded. */
  readonly record: readonly string[];
  /** Default FTMO's. */
  readonly costs?: Costs;
  readonly capitalUsd?: number;
  readonly horizonMinutes: number;
}

/**
 * What the ledger will say of its trials when evaluations of some models are recorded.
 *
 * @returns the statistics, from the daily Sharpe ratios before costs of all models, in their order
 */
export function ledgerStatistics(
  state: LedgerState,
  models: readonly Pick<TrainedModel, "key" | "name">[],
  {
    record,
    costs = COST_PRESETS.ftmo,
    capitalUsd = DEFAULT_STAKE.capitalUsd,
    horizonMinutes,
  }: Counted,
): (ratios: readonly number[]) => TrialStatistics {
  const recorded = models.filter(({ name }) => record.includes(name));
  const execution = executionText(costs.name, capitalUsd);
  const asked = new Map(recorded.map(({ key }) => [key, execution]));
  return (ratios) => {
    const own = new Map(models.map(({ key }, i) => [key, ratios[i]!]));
    return statisticsOf(state, { own, asked, horizonMinutes });
  };
}

/** How positions were executed, as the ledger tells one way from another. */
function executionText(costs: string, capitalUsd: number): string {
  return `${costs}, ${capitalUsd} USD`;
}

/**
 * Puts a model's evaluation into the ledger.
 *
 * @param root - of the store
 * @param options - as of `recordEvaluation`
 * @throws {DataError} the ledger has no such trial, or does not hold what was written
 */
export async function recordModel(
  root: string,
  { key, name }: Pick<TrainedModel, "key" | "name">,
  { models, ...about }: Evaluation & Pick<ExperimentEvaluation, "trials">,
  options: { readonly isCurrent?: (state: LedgerState) => boolean } = {},
): Promise<void> {
  const own = models.find(({ model }) => model === name)!;
  const { estimate: accuracy } = own.metrics.accuracy;
  const recorded = {
    key,
    execution: executionText(own.ladder.costs.name, own.ladder.stake.capitalUsd),
    trials: about.trials,
    verdict: about.isVoid ? "fail" : own.verdict,
    isVoid: about.isVoid,
    gates: own.gates,
    figures: { ...dailySharpes(own.ladder), accuracy, majorityRate: own.majorityRate },
    evaluation: { ...about, models: [withoutCurves(own)] },
  };
  await recordEvaluation(root, recorded, options);
}

/** A model's evaluation without the curves of every bar, which are for plots. */
export function withoutCurves(model: ModelEvaluation): object {
  const { ladder, backtest, withoutBad } = model;
  const bare = <Figures extends { readonly equity: unknown }>({
    equity: _,
    ...figures
  }: Figures): Omit<Figures, "equity"> => figures;
  return {
    ...model,
    ladder: { ...ladder, rungs: ladder.rungs.map(bare) },
    backtest: bare(backtest),
    withoutBad: { ...withoutBad, backtest: bare(withoutBad.backtest) },
  };
}
