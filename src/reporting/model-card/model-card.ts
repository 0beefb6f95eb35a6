// What is this model, what was found of it, and what must nobody use it for?
import { formatUtc } from "../../core/time.js";
import type { CanaryRuns } from "../../evaluation/canaries.js";
import type { Evaluation } from "../../evaluation/evaluate.js";
import type { Gate, OverallVerdict } from "../../evaluation/gates.js";
import type { GroupAccuracy } from "../../evaluation/group-accuracy.js";
import { type PlanGate, planGates } from "../../evaluation/plan-gates.js";
import type { ReliabilityPoint } from "../../evaluation/reliability.js";
import type { BundleCard } from "../../registry/bundles.js";
import type { EvaluationEntry, TrialStatistics } from "../../registry/entries.js";
import type { EvaluationRecord } from "../../registry/evaluations.js";
import { type MemberFacts, memberFacts } from "../../registry/member-facts.js";
import { requireToldInFull } from "../../registry/told-in-full.js";
import {
  type LabelRuleFact,
  marksOf,
  type TrialFacts,
  trialFacts,
} from "../../registry/trial-facts.js";
import { cardGates } from "./card-gates.js";
import { type CardMetric, cardMetrics } from "./card-metrics.js";
import {
  type EvaluatedModel,
  evaluatedModel,
  type TradedFigures,
  type TradedLadder,
} from "./evaluated-model.js";
import { limitsOfUse } from "./limits-of-use.js";

/** What a card is made from. */
export interface ModelCardSource {
  readonly bundle: BundleCard;
  /** The ledger's entry of the evaluation, and all that was measured. */
  readonly entry: EvaluationEntry;
  readonly record: EvaluationRecord;
}

/** One way to execute and what it gave; without a ladder there is one, with the costs. */
export interface CardRung extends Omit<TradedFigures, "daily"> {
  readonly name: string;
  readonly about: string;
  readonly days: number;
}

/** A model card; every figure is of the test rows. Where something could not be measured it is NaN, in JSON null. */
export interface ModelCard extends CanaryRuns {
  readonly format: 1;
  readonly name: string;
  readonly version: string;
  readonly source: "SIMULATED" | "REAL";
  /** What must be said of every figure: the source, and BOUNCE-PRONE where labels are on trade closes. */
  readonly marks: readonly string[];
  readonly verdict: OverallVerdict;
  /** True when a canary did not score as it must: then no figure counts. */
  readonly isVoid: boolean;
  readonly predicts: {
    readonly exchange: string;
    readonly symbols: readonly string[];
    readonly barMinutes: number;
    readonly horizonMinutes: number;
    readonly latencyMs: number;
    readonly labelKind: "mid" | "close";
    /** Direction over the horizon; or which of two barriers is met first within it. */
    readonly labelRule: LabelRuleFact | undefined;
    /** What its features are made from. */
    readonly source: TrialFacts["source"];
  };
  readonly data: {
    /** First day of the dataset and the day after its last. */
    readonly from: string;
    readonly to: string;
    /** First bar end and last label end of the test rows, UTC. */
    readonly testFrom: string;
    readonly testTo: string;
    readonly testRows: number;
    readonly effectiveRows: number;
    readonly badRows: number;
    readonly unauditedRows: number;
    readonly unauditedFittedRows: number;
    /** Rows of the dataset that it was neither trained nor scored on, by cause; none where an older evaluation does not say. */
    readonly excluded: Evaluation["excluded"];
  };
  readonly hashes: Readonly<
    Record<
      "data" | "code" | "catalogue" | "features" | "bundle" | "evaluation" | "evaluationCode",
      string
    >
  >;
  /** Entry of the ledger that holds the evaluation. */
  readonly entry: number;
  readonly features: readonly string[];
  readonly folds: readonly {
    readonly fold: number;
    readonly slice: string;
    readonly from: string;
    readonly to: string;
    readonly rows: number;
  }[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** Of an ensemble: its models, and how much each counts; all figures here are the ensemble's own. */
  readonly members?: readonly MemberFacts[];
  readonly seed: number;
  readonly backend: string;
  readonly metrics: readonly CardMetric[];
  readonly bySymbol: readonly Pick<GroupAccuracy, "group" | "rows" | "accuracy" | "majorityRate">[];
  readonly gates: readonly Gate[];
  /** The plan's three gates taken literally, with what each misses; they promote nothing. */
  readonly planGates: readonly PlanGate[];
  readonly calibration: {
    readonly error: number;
    readonly noiseFloor: number;
    readonly effectiveRows: number;
    readonly bins: readonly ReliabilityPoint[];
  };
  /** Of the rows that the model is sure enough to act on: accuracy's gate and the backtest are about these alone. */
  readonly coverage: {
    /** Share that was asked for before the test. */
    readonly asked: number;
    /** Share of the test rows. */
    readonly share: number;
    readonly rows: number;
    readonly accuracy: number;
    readonly lower: number;
    readonly upper: number;
    readonly majorityRate: number;
    /** At which trading each of these rows pays its costs. */
    readonly breakEvenAccuracy: number;
  };
  readonly trading: {
    /** Name of the cost preset, and what is in it. */
    readonly costs: string;
    readonly feeBps: number;
    readonly fallbackHalfSpreadBps: number;
    /** Ratio of a position's value at each funding time where the venue's own rates are not stored; NaN where none is paid. */
    readonly defaultFundingRate: number;
    readonly capitalUsd: number;
    readonly minimumOrderUsd: number;
    /** From a bar's end to the book that its orders meet. */
    readonly latencyMs: number;
    readonly rungs: readonly CardRung[];
    readonly absent: TradedLadder["absent"];
  };
  readonly trials: TrialStatistics & {
    /** Probability that the Sharpe ratio is above what the best of all trials without skill would show. */
    readonly deflatedSharpe: number;
  };
  readonly limits: readonly string[];
}

/**
 * The card of a model that was evaluated.
 *
 * @throws {DataError} the record holds no evaluation of a model, or one that says otherwise than the ledger
 */
export function modelCard({ bundle, entry, record }: ModelCardSource): ModelCard {
  const evaluated = evaluatedModel(record.evaluation, bundle.name);
  const file = `${bundle.name}@${bundle.version}, its evaluation`;
  requireToldInFull({ file, model: bundle.name }, record, record.evaluation);
  const { evaluation, own } = evaluated;
  const { content } = bundle;
  const text = (name: string): string => String(content[name] ?? "");
  const { labelRule, source } = trialFacts(content);
  const members = memberFacts(content);
  const gates = cardGates(bundle.name, own.gates);
  const settings = (content["settings"] as Readonly<Record<string, unknown>> | undefined) ?? {};
  const card = {
    format: 1,
    name: bundle.name,
    version: bundle.version,
    marks: marksOf({ exchange: evaluation.exchange, labelKind: evaluation.labelKind }),
    source: evaluation.isSimulated ? "SIMULATED" : "REAL",
    verdict: record.verdict,
    isVoid: record.isVoid,
    predicts: {
      exchange: evaluation.exchange,
      symbols: evaluation.symbols,
      barMinutes: Number(content["barUs"]) / 60e6,
      horizonMinutes: evaluation.horizonMinutes,
      latencyMs: Number(content["latencyUs"]) / 1000,
      labelKind: evaluation.labelKind,
      labelRule,
      source,
    },
    data: {
      from: text("from"),
      to: text("to"),
      testFrom: timeText(evaluation.fromUs),
      testTo: timeText(evaluation.toUs),
      testRows: own.rows,
      effectiveRows: own.effectiveRows,
      badRows: own.badRows,
      unauditedRows: own.unauditedRows,
      unauditedFittedRows: own.unauditedFittedRows,
      excluded: (evaluation as Partial<Evaluation>).excluded ?? {},
    },
    hashes: {
      data: text("data"),
      code: text("code"),
      catalogue: text("catalogueHash"),
      features: text("featureNamesHash"),
      bundle: entry.bundle,
      evaluation: entry.evaluation,
      evaluationCode: entry.code,
    },
    entry: entry.number,
    features: (content["featureNames"] as readonly string[] | undefined) ?? [],
    folds: evaluation.slices.map(({ fold, slice, fromUs, toUs, rows }) => {
      return { fold, slice, from: timeText(fromUs), to: timeText(toUs), rows };
    }),
    settings,
    ...(members.length === 0 ? {} : { members }),
    seed: Number(content["seed"]),
    backend: text("backend"),
    metrics: cardMetrics(own),
    bySymbol: own.bySymbol,
    gates,
    planGates: planGates(own),
    calibration: {
      error: own.metrics.calibrationError.estimate,
      noiseFloor: own.calibrationNoiseFloor,
      effectiveRows: own.calibrationRows,
      bins: own.reliability,
    },
    coverage: coverageOf(own, settings),
    trading: tradingOf(own),
    canaries: evaluation.canaries,
    canaryShortfalls: (evaluation as Partial<Evaluation>).canaryShortfalls ?? [],
    trials: {
      ...record.trials,
      deflatedSharpe: gates.find(({ name }) => name === "deflated-sharpe")?.value ?? Number.NaN,
    },
  } as const;
  return { ...card, limits: limitsOfUse(card) };
}

function coverageOf(
  { acted }: EvaluatedModel["own"],
  settings: Readonly<Record<string, unknown>>,
): ModelCard["coverage"] {
  const { estimate: accuracy, lower, upper } = acted.accuracy;
  const { coverage: share, rows, majorityRate, breakEvenAccuracy } = acted;
  const asked = Number(settings["coverage"] ?? Number.NaN);
  return { asked, share, rows, accuracy, lower, upper, majorityRate, breakEvenAccuracy };
}

function tradingOf({ backtest, ladder }: EvaluatedModel["own"]): ModelCard["trading"] {
  const { name: costs, feeBps, fallbackHalfSpreadBps, defaultFundingRate } = backtest.costs;
  return {
    costs,
    feeBps,
    fallbackHalfSpreadBps,
    defaultFundingRate: defaultFundingRate ?? Number.NaN,
    capitalUsd: ladder?.stake?.capitalUsd ?? Number.NaN,
    minimumOrderUsd: ladder?.stake?.minimumOrderUsd ?? Number.NaN,
    latencyMs: (ladder?.latencyUs ?? Number.NaN) / 1000,
    rungs: ladder?.rungs.map(rungOf) ?? [
      rungOf({ ...backtest, name: "costs", about: `with the fees of ${costs}` }),
    ],
    absent: ladder?.absent ?? [],
  };
}

function rungOf(rung: TradedLadder["rungs"][number]): CardRung {
  const { name, about, daily, sharpe, probabilisticSharpe, grossReturn, netReturn, turnoverADay } =
    rung;
  const { sideCostBps, breakEvenCostBps, maxDrawdown } = rung;
  const returns = { sharpe, probabilisticSharpe, grossReturn, netReturn, maxDrawdown };
  return {
    name,
    about,
    ...returns,
    turnoverADay,
    sideCostBps,
    breakEvenCostBps,
    days: daily.length,
  };
}

/** Empty slices have no times. */
function timeText(timeUs: number): string {
  return Number.isFinite(timeUs) ? formatUtc(timeUs).slice(0, 16) : "";
}
