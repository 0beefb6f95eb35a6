// One market from its seed to the gates: what a user's experiment does, with a truth to compare with.
import { WorkbenchError } from "../../core/errors.js";
import { isShortfall, shortfallText } from "../../core/shortfall.js";
import { standardDeviation } from "../../core/statistics.js";
import { walkForwardFolds } from "../../dataset/folds.js";
import { runCanaries } from "../../evaluation/canaries.js";
import { deflatedSharpe, type Trials } from "../../evaluation/deflated-sharpe.js";
import { type Evaluation, type EvaluationRequest, evaluate } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import type { GateVerdict } from "../../evaluation/gates.js";
import { sharpeSample } from "../../evaluation/sharpe.js";
import type { Question } from "./questions.js";
import { smallMarket } from "./small-market.js";
import { trainRungs } from "./train-rungs.js";

/** A market to work on; plain data, so that it can be sent to a process. */
export interface SeedJob {
  readonly question: Question;
  readonly seed: number;
}

/** What came of one rung. */
export interface RungFindings {
  readonly rung: string;
  readonly accuracy: number;
  /** By gate name. */
  readonly gates: Readonly<Record<string, GateVerdict>>;
  /** Whether the registry would promote it. */
  readonly isPromoted: boolean;
  /** The deflated Sharpe ratio as if trading were free, which costs do not decide. */
  readonly freeDeflatedSharpe: number;
  /** Share of (attainable accuracy − ½) by true probabilities, and its standard error; only where something is attainable. */
  readonly share?: { readonly estimate: number; readonly standardError: number };
}

/** What came of one market. */
export interface SeedFindings {
  readonly seed: number;
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
 * Works on one market. All rungs are trials of one ledger. Canaries run where a rung passed every other gate: nowhere else do
 * they decide.
 *
 * @throws {WorkbenchError} the market has too few days
 */
export async function placeboSeed({ question, seed }: SeedJob): Promise<SeedFindings> {
  const { dataset, truth } = await smallMarket(question.market, seed);
  const folds = walkForwardFolds(dataset, question.folds);
  if (isShortfall(folds)) throw new WorkbenchError({ message: shortfallText(folds) });
  const models = await trainRungs(dataset, folds, seed);
  const request = { dataset, folds, models, trials: ledgerOf, seed };
  const evaluation = await evaluateWithCanaries(
    truth === undefined ? request : { ...request, truth },
  );
  const [first] = evaluation.models;
  return {
    seed,
    rows: evaluation.rows,
    testDays: first?.backtest.daily.length ?? 0,
    attainableAccuracy: first?.ceilings?.attainable.estimate ?? 0.5,
    hasCanaries: evaluation.canaries.length > 0,
    isVoid: evaluation.isVoid,
    rungs: withFreeTrading(evaluation.models).map(({ model, freeDeflatedSharpe }) => ({
      ...rungFindings(model),
      freeDeflatedSharpe,
    })),
  };
}

async function evaluateWithCanaries(request: EvaluationRequest): Promise<Evaluation> {
  const evaluation = evaluate(request);
  if (!evaluation.models.some(onlyLacksCanaries)) return evaluation;
  const canaries = await runCanaries(request.dataset, request.folds, {
    seed: request.seed!,
  });
  if (isShortfall(canaries)) throw new WorkbenchError({ message: shortfallText(canaries) });
  return evaluate({ ...request, canaries });
}

function onlyLacksCanaries({ gates }: ModelEvaluation): boolean {
  return gates.every(({ name, verdict }) => verdict === "pass" || name === "canaries");
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
    sharpeSample(backtest.daily.map(({ gross }) => gross)),
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
  verdict,
  ceilings,
}: ModelEvaluation): Omit<RungFindings, "freeDeflatedSharpe"> {
  const share = ceilings?.attainableShare;
  return {
    rung: model,
    accuracy: metrics.accuracy.estimate,
    gates: Object.fromEntries(gates.map((gate) => [gate.name, gate.verdict])),
    isPromoted: verdict === "pass",
    ...(share === undefined
      ? {}
      : { share: { estimate: share.estimate, standardError: share.standardError } }),
  };
}
