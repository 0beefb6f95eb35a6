// What did an evaluation find of one model? Read back from the plain JSON of its record.
import { DataError } from "../../core/errors.js";
import type { BacktestLadder } from "../../evaluation/backtest-ladder.js";
import type { Evaluation } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";

/** What trading by one way to execute gave, as far as a card shows it. */
export type TradedFigures = Pick<
  ModelEvaluation["backtest"],
  | "sharpe"
  | "probabilisticSharpe"
  | "grossReturn"
  | "netReturn"
  | "turnoverADay"
  | "sideCostBps"
  | "breakEvenCostBps"
  | "maxDrawdown"
> & { readonly daily: readonly unknown[] };

/** The same probabilities traded ever less ideally, where an evaluation has that. */
export interface TradedLadder {
  readonly rungs: readonly (TradedFigures & { readonly name: string; readonly about: string })[];
  readonly absent: readonly { readonly name: string; readonly why: string }[];
  readonly stake?: Pick<BacktestLadder["stake"], "capitalUsd" | "minimumOrderUsd">;
  readonly latencyUs?: number;
}

/** One model's part of an evaluation. */
export interface EvaluatedModel {
  readonly evaluation: Evaluation;
  readonly own: Omit<ModelEvaluation, "ladder"> & { readonly ladder?: TradedLadder };
}

/**
 * Takes one model out of an evaluation that was recorded as plain JSON, in which what could not be measured is null.
 *
 * @param json - of an `Evaluation`; fields that are not known here are left alone
 * @param model - its name in the evaluation; where none is called so the first one is meant
 * @throws {DataError} it is no evaluation, or one of no model
 */
export function evaluatedModel(json: unknown, model: string): EvaluatedModel {
  const evaluation = measured(json) as Evaluation;
  const models = Array.isArray(evaluation?.models) ? evaluation.models : [];
  const own = models.find((one) => one.model === model) ?? models[0];
  if (own !== undefined) return { evaluation, own };
  throw new DataError({
    file: model,
    message: "has an evaluation that holds no model",
    fix: "evaluate it again with `npx tickbook evaluate`",
  });
}

/** The same with NaN where JSON has null. */
function measured(json: unknown): unknown {
  if (json === null) return Number.NaN;
  if (Array.isArray(json)) return json.map(measured);
  if (typeof json !== "object") return json;
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, measured(value)]));
}
