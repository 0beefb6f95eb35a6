// What is this model, what was found of it, and what must nobody use it for?
import { formatUtc } from "../../core/time.js";
import type { Canary } from "../../evaluation/canaries.js";
import type { Gate, GateVerdict } from "../../evaluation/gates.js";
import type { GroupAccuracy } from "../../evaluation/group-accuracy.js";
import type { ReliabilityBin } from "../../evaluation/reliability.js";
import type { BundleCard } from "../../registry/bundles.js";
import type { EvaluationEntry, TrialStatistics } from "../../registry/entries.js";
import type { EvaluationRecord } from "../../registry/evaluations.js";
import { type CardMetric, cardMetrics } from "./card-metrics.js";
import { evaluatedModel, type TradedFigures, type TradedLadder } from "./evaluated-model.js";
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
export interface ModelCard {
  readonly format: 1;
  readonly name: string;
  readonly version: string;
  readonly source: "SIMULATED" | "REAL";
  readonly verdict: GateVerdict;
  /** True when a canary did not score as it must: then no figure counts. */
  readonly isVoid: boolean;
  readonly predicts: {
    readonly exchange: string;
    readonly symbols: readonly string[];
    readonly barMinutes: number;
    readonly horizonMinutes: number;
    readonly latencyMs: number;
    readonly labelKind: "mid" | "close";
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
  };
  readonly hashes: Readonly<
    Record<"data" | "code" | "catalogue" | "features" | "bundle" | "evaluation", string>
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
  readonly seed: number;
  readonly backend: string;
  readonly metrics: readonly CardMetric[];
  readonly bySymbol: readonly Pick<GroupAccuracy, "group" | "rows" | "accuracy" | "majorityRate">[];
  readonly gates: readonly Gate[];
  readonly calibration: {
    readonly error: number;
    readonly noiseFloor: number;
    readonly effectiveRows: number;
    readonly bins: readonly ReliabilityBin[];
  };
  readonly trading: {
    readonly costs: string;
    readonly feeBps: number;
    readonly rungs: readonly CardRung[];
    readonly absent: TradedLadder["absent"];
  };
  readonly canaries: readonly Canary[];
  readonly trials: TrialStatistics & {
    /** Probability that the Sharpe ratio is above what the best of all trials without skill would show. */
    readonly deflatedSharpe: number;
  };
  readonly limits: readonly string[];
}

/**
 * The card of a model that was evaluated.
 *
 * @throws {DataError} the record holds no evaluation of a model
 */
export function modelCard({ bundle, entry, record }: ModelCardSource): ModelCard {
  const { evaluation, own } = evaluatedModel(record.evaluation, bundle.name);
  const { content } = bundle;
  const text = (name: string): string => String(content[name] ?? "");
  const { backtest, gates } = own;
  const card = {
    format: 1,
    name: bundle.name,
    version: bundle.version,
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
    },
    hashes: {
      data: text("data"),
      code: text("code"),
      catalogue: text("catalogueHash"),
      features: text("featureNamesHash"),
      bundle: entry.bundle,
      evaluation: entry.evaluation,
    },
    entry: entry.number,
    features: (content["featureNames"] as readonly string[] | undefined) ?? [],
    folds: evaluation.slices.map(({ fold, slice, fromUs, toUs, rows }) => {
      return { fold, slice, from: timeText(fromUs), to: timeText(toUs), rows };
    }),
    settings: (content["settings"] as Readonly<Record<string, unknown>> | undefined) ?? {},
    seed: Number(content["seed"]),
    backend: text("backend"),
    metrics: cardMetrics(own),
    bySymbol: own.bySymbol,
    gates,
    calibration: {
      error: own.metrics.calibrationError.estimate,
      noiseFloor: own.calibrationNoiseFloor,
      effectiveRows: own.calibrationRows,
      bins: own.reliability,
    },
    trading: {
      costs: backtest.costs.name,
      feeBps: backtest.costs.feeBps,
      rungs: own.ladder?.rungs.map(rungOf) ?? [
        rungOf({ ...backtest, name: "costs", about: `with the fees of ${backtest.costs.name}` }),
      ],
      absent: own.ladder?.absent ?? [],
    },
    canaries: evaluation.canaries,
    trials: {
      ...record.trials,
      deflatedSharpe: gates.find(({ name }) => name === "deflated-sharpe")?.value ?? Number.NaN,
    },
  } as const;
  return { ...card, limits: limitsOfUse(card) };
}

function rungOf(rung: TradedLadder["rungs"][number]): CardRung {
  const { name, about, daily, sharpe, grossReturn, netReturn, turnoverADay } = rung;
  const { sideCostBps, breakEvenCostBps, maxDrawdown } = rung;
  const returns = { sharpe, grossReturn, netReturn, maxDrawdown };
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
