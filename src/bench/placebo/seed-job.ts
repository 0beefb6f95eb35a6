// One market from its seed to the registry's gate: what a user's experiment does, with a truth to compare with.
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { WorkbenchError } from "../../core/errors.js";
import { isShortfall, shortfallText } from "../../core/shortfall.js";
import { standardDeviation } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import { modelCanaries } from "../../evaluation/canaries/model-canaries.js";
import { type Canary, canaryRuns, notRunText, runCanaries } from "../../evaluation/canaries.js";
import { deflatedSharpe, type Trials } from "../../evaluation/deflated-sharpe.js";
import { type Evaluation, type EvaluationRequest, evaluate } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import { ledgerStatistics } from "../../evaluation/evaluate-models.js";
import type { GateVerdict } from "../../evaluation/gates.js";
import { sharpeSampleByBlocks } from "../../evaluation/sharpe.js";
import { dailySharpes } from "../../evaluation/traded-ladder.js";
import { predictionsOf } from "../../evaluation/traded-rows.js";
import { readLedger } from "../../registry/ledger.js";
import type { LedgerState } from "../../registry/ledger-state.js";
import type { TrainedModel } from "../../training/trained-model.js";
import { promoteRungs } from "./promote-rungs.js";
import type { Question } from "./questions.js";
import { smallMarket } from "./small-market.js";
import { trainRungs } from "./train-rungs.js";

/** A market to work on; plain data, so that it can be sent to a process. */
export interface SeedJob {
  readonly question: Question;
  readonly seed: number;
  /** Where the market's registry may lie while it is worked on. */
  readonly folder: string;
}

/** What came of one rung. */
export interface RungFindings {
  readonly rung: string;
  readonly accuracy: number;
  /** By gate name. */
  readonly gates: Readonly<Record<string, GateVerdict>>;
  /** Whether the registry promoted it when it was asked to. */
  readonly isPromoted: boolean;
  /** The deflated Sharpe ratio as if trading were free, which costs do not decide. */
  readonly freeDeflatedSharpe: number;
  /** Share of (attainable accuracy − ½) by true probabilities, and its standard error; only where something is attainable. */
  readonly share?: { readonly estimate: number; readonly standardError: number };
}

/** What came of one market. */
export interface SeedFindings {
  readonly seed: number;
  /** Days of all symbols together. */
  readonly symbolDays: number;
  /** Test rows, and days that they spread over. */
  readonly rows: number;
  readonly testDays: number;
  /** By true probabilities; ½ where nothing is attainable. */
  readonly attainableAccuracy: number;
  /** False where no rung came so far that canaries would have decided. */
  readonly hasCanaries: boolean;
  readonly isVoid: boolean;
  readonly rungs: readonly RungFindings[];
}

/**
 * Works on one market. All rungs are trials of one registry of its own, which is asked to promote each. Canaries run where a rung
 * passed every other gate: nowhere else do they decide, and without them nothing is promoted.
 *
 * @throws {WorkbenchError} the market has too few days
 */
export async function placeboSeed({ question, seed, folder }: SeedJob): Promise<SeedFindings> {
  const { dataset, truth } = await smallMarket(question.market, seed);
  const folds = walkForwardFolds(dataset, question.folds);
  if (isShortfall(folds)) throw new WorkbenchError({ message: shortfallText(folds) });
  const root = await mkdtemp(path.join(folder, "registry-"));
  try {
    const models = await trainRungs(dataset, folds, { root, seed });
    const { state } = await readLedger(root);
    const known = truth === undefined ? {} : { truth };
    const evaluation = await evaluateRungs({ dataset, folds, seed, ...known }, models, state);
    const promoted = await promoteRungs(root, models, evaluation);
    const { days, symbols } = question.market;
    return { seed, symbolDays: days * symbols, ...findings(evaluation, promoted) };
  } finally {
    await rm(root, { recursive: true });
  }
}

type Asked = Pick<EvaluationRequest, "dataset" | "folds" | "truth"> & { readonly seed: number };
type CountedEvaluation = Parameters<typeof promoteRungs>[2];

async function evaluateRungs(
  asked: Asked,
  rungs: readonly TrainedModel[],
  state: LedgerState,
): Promise<CountedEvaluation> {
  const { dataset, folds, seed } = asked;
  const statistics = ledgerStatistics(state, rungs, {
    record: rungs.map(({ name }) => name),
    horizonMinutes: dataset.horizonUs / MINUTE_US,
  });
  const models = rungs.map(predictionsOf);
  const evaluated = (canaries: readonly Canary[]): CountedEvaluation => {
    const evaluation = evaluate({ ...asked, models, canaries, trials: statistics });
    const ratios = evaluation.models.map(({ ladder }) => dailySharpes(ladder).grossDailySharpe);
    return { ...evaluation, trials: statistics(ratios) };
  };
  const evaluation = evaluated([]);
  if (!evaluation.models.some(onlyLacksCanaries)) return evaluation;
  const canaries = await runCanaries(dataset, folds, { seed });
  const all = [...canaries, ...(await modelCanaries(dataset, folds, rungs, { seed, state }))];
  const { canaries: ran, canaryShortfalls } = canaryRuns(all);
  const [missing] = canaryShortfalls;
  if (missing !== undefined)
    throw new WorkbenchError({ message: `Not run: ${notRunText(missing)}` });
  return evaluated(ran);
}

function onlyLacksCanaries({ gates }: ModelEvaluation): boolean {
  return gates.every(({ name, verdict }) => verdict === "pass" || name === "canaries");
}

function findings(
  { rows, models, canaries, isVoid }: Evaluation,
  promoted: ReadonlySet<string>,
): Omit<SeedFindings, "seed" | "symbolDays"> {
  const [first] = models;
  return {
    rows,
    testDays: first?.backtest.daily.length ?? 0,
    attainableAccuracy: first?.ceilings?.attainable.estimate ?? 0.5,
    hasCanaries: canaries.length > 0,
    isVoid,
    rungs: withFreeTrading(models).map(({ model, freeDeflatedSharpe }) => ({
      ...rungFindings(model),
      isPromoted: promoted.has(model.model),
      freeDeflatedSharpe,
    })),
  };
}

/** What a ledger of these trials says of their daily Sharpe ratios; one that never traded has none. */
function ledgerOf(dailySharpes: readonly number[]): Trials {
  const known = dailySharpes.filter(Number.isFinite);
  return { count: dailySharpes.length, sharpeDeviation: standardDeviation(known) };
}

/** The same trials as if the mid were the price and nothing had to be paid. */
function withFreeTrading(
  models: readonly ModelEvaluation[],
): readonly { readonly model: ModelEvaluation; readonly freeDeflatedSharpe: number }[] {
  const samples = models.map(({ backtest }) =>
    sharpeSampleByBlocks(backtest.daily.map(({ gross }) => gross)),
  );
  const trials = ledgerOf(samples.map(({ sharpe }) => sharpe));
  return models.map((model, i) => {
    return { model, freeDeflatedSharpe: deflatedSharpe(samples[i]!, trials) };
  });
}

function rungFindings({
  model,
  metrics,
  gates,
  ceilings,
}: ModelEvaluation): Omit<RungFindings, "isPromoted" | "freeDeflatedSharpe"> {
  const share = ceilings?.attainableShare;
  return {
    rung: model,
    accuracy: metrics.accuracy.estimate,
    gates: Object.fromEntries(gates.map((gate) => [gate.name, gate.verdict])),
    ...(share === undefined
      ? {}
      : { share: { estimate: share.estimate, standardError: share.standardError } }),
  };
}
