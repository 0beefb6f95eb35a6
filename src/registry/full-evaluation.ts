// What does an evaluation say in full, as far as its gates and its summary rest on it?
import { z } from "zod";
import { type EvaluationSummary, figure, gateResults } from "./entries.js";

/** A figure with the lower end of its interval. */
interface Estimate {
  readonly estimate: number;
  readonly lower?: number | undefined;
}

/** Daily returns of one way to trade. */
interface Rung {
  readonly daily: readonly { readonly gross: number; readonly net: number }[];
}

/** One model's part of an evaluation; undefined is what it does not say. */
export interface FullModel {
  readonly model: string;
  readonly verdict?: EvaluationSummary["verdict"] | undefined;
  readonly gates?: EvaluationSummary["gates"] | undefined;
  readonly rows?: number | undefined;
  readonly majorityRate?: number | undefined;
  readonly metrics?: Readonly<Record<string, Estimate>> | undefined;
  readonly calibrationRows?: number | undefined;
  readonly acted?:
    | {
        readonly rows?: number | undefined;
        readonly coverage?: number | undefined;
        readonly calibrationRows?: number | undefined;
        readonly accuracy?: Estimate | undefined;
        readonly majorityRate?: number | undefined;
        readonly breakEvenAccuracy?: number | undefined;
      }
    | undefined;
  readonly badShare?: number | undefined;
  readonly unauditedRows?: number | undefined;
  readonly unauditedFittedRows?: number | undefined;
  readonly backtest?:
    | {
        readonly daily?: readonly unknown[] | undefined;
        readonly sharpe?: Estimate | undefined;
        readonly deflatedSharpe?: number | undefined;
      }
    | undefined;
  readonly ladder?: { readonly rungs: readonly Rung[] } | undefined;
}

/** All of an evaluation. */
export interface FullEvaluation {
  readonly isVoid?: boolean | undefined;
  readonly labelKind?: string | undefined;
  readonly trials?: EvaluationSummary["trials"] | undefined;
  readonly canaries?: readonly { readonly isRight: boolean }[] | undefined;
  /** What kept a canary from being run, without its name; said by evaluations from before all were named. */
  readonly canaryShortfall?: unknown;
  /** Why canaries were not run. */
  readonly canaryShortfalls?: readonly { readonly canaries: readonly string[] }[] | undefined;
  readonly models?: readonly FullModel[] | undefined;
}

const estimate = z.object({ estimate: figure, lower: figure.optional() });
const rung = z.object({ daily: z.array(z.object({ gross: figure, net: figure })) });

const model = z.object({
  model: z.string(),
  verdict: z.enum(["pass", "fail", "undecided", "not evaluated"]).optional(),
  gates: gateResults.optional(),
  rows: figure.optional(),
  majorityRate: figure.optional(),
  metrics: z.record(z.string(), estimate).optional(),
  calibrationRows: figure.optional(),
  acted: z
    .object({
      rows: figure,
      coverage: figure,
      calibrationRows: figure,
      accuracy: estimate,
      majorityRate: figure,
      breakEvenAccuracy: figure,
    })
    .partial()
    .optional(),
  badShare: figure.optional(),
  unauditedRows: figure.optional(),
  unauditedFittedRows: figure.optional(),
  backtest: z
    .object({ daily: z.array(z.unknown()), sharpe: estimate, deflatedSharpe: figure })
    .partial()
    .optional(),
  ladder: z.object({ rungs: z.array(rung) }).optional(),
});

const evaluation = z.object({
  isVoid: z.boolean().optional(),
  labelKind: z.string().optional(),
  trials: z.object({ count: figure, sharpeDeviation: figure, unknown: figure }).optional(),
  canaries: z.array(z.object({ isRight: z.boolean() })).optional(),
  canaryShortfall: z.unknown().optional(),
  canaryShortfalls: z.array(z.object({ canaries: z.array(z.string()) })).optional(),
  models: z.array(model).optional(),
});

/** Reads it from plain JSON, NaN put back; what is none says nothing. */
export function fullEvaluation(json: unknown): FullEvaluation {
  return evaluation.safeParse(json).data ?? {};
}
