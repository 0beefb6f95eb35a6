// What does the ledger hold? Fits, evaluations of them, what was promoted, demoted or set aside, in the order it happened.
import { z } from "zod";
import type { Link } from "./chain.js";
import type { Trial } from "./trial.js";

/** How many tries there were, and how far their results scatter: what deflates a Sharpe ratio. */
export interface TrialStatistics {
  /** N, the tries: distinct trials, each once for every way of executing it that was evaluated. */
  readonly count: number;
  /**
   * Standard deviation over trials of their Sharpe ratio of daily returns before costs; NaN for fewer than two. None is known of
   * few days: by luck it can be of any size, and would hide for ever what later trials of many days show.
   */
  readonly sharpeDeviation: number;
  /** Trials of which no such ratio is known. */
  readonly unknown: number;
}

/** How one gate came out. */
export interface GateResult {
  readonly name: string;
  readonly verdict: "pass" | "fail" | "undecided";
  /** NaN where it could not be measured. */
  readonly value: number;
  readonly margin: number;
}

/** What an evaluation found, as far as a promotion rests on it. */
export interface EvaluationSummary {
  /** Key of the trial whose model was evaluated. */
  readonly key: string;
  /** Hash of that model's bundle. */
  readonly bundle: string;
  /** Hash of the code that made it; empty in ledgers from before it was recorded. */
  readonly code: string;
  /** How it was executed: fees and capital, as a phrase. Each phrase is a try of its own. */
  readonly execution: string;
  /** The trials that it was deflated with. */
  readonly trials: TrialStatistics;
  /** Gates are not evaluated on labels that are bounce-prone. */
  readonly verdict: GateResult["verdict"] | "not evaluated";
  /** True when a canary did not score as it must. */
  readonly isVoid: boolean;
  readonly gates: readonly GateResult[];
  /** Key figures by name, `dailySharpe` and `grossDailySharpe` among them; NaN where one could not be measured. */
  readonly figures: Readonly<Record<string, number>>;
}

/** An evaluation of a model. */
export interface EvaluationEntry extends EvaluationSummary, Link {
  readonly kind: "evaluation";
  /** SHA-256 of the file that holds all of it. */
  readonly evaluation: string;
}

/** A model that may be run from here on. */
export interface PromotionEntry extends Link {
  readonly kind: "promotion";
  readonly key: string;
  readonly bundle: string;
  /** SHA-256 of the evaluation that passed every gate. */
  readonly evaluation: string;
  /** Hash of the code that decides what the model predicts; empty in ledgers from before it was recorded. */
  readonly code: string;
  /** Who signed it off; empty when nobody did. */
  readonly signOff: string;
  /** SIMULATED or REAL, as its bundle says; empty in ledgers from before it was recorded. */
  readonly marks: readonly string[];
}

/** A model that may not be run any more. */
export interface DemotionEntry extends Link {
  readonly kind: "demotion";
  readonly key: string;
  readonly reason: string;
}

/** What lay in the registry though no entry named it, set aside: it was tried, so it counts as if it were recorded. */
export interface MendEntry extends Link {
  readonly kind: "mend";
  /** Empty where `promoted.json` was gone and was written anew: what was cut with it, if anything, is not known. */
  readonly setAside: readonly {
    /** NAME@version, as its folder was called. */
    readonly model: string;
    /** Ways of executing it whose gates were asked, as its evaluations say. */
    readonly executions: readonly string[];
  }[];
}

/** One line of the ledger. */
export type Entry = Trial | EvaluationEntry | PromotionEntry | DemotionEntry | MendEntry;

/** JSON has no NaN: what could not be measured is null there. */
export const figure: z.ZodType<number> = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const figures = z.record(z.string(), figure);
const verdict = z.enum(["pass", "fail", "undecided"]);
/** Gates as a file or an entry holds them, without rule and interval. */
export const gateResults: z.ZodType<GateResult[]> = z.array(
  z.object({ name: z.string(), verdict, value: figure, margin: figure }),
);
const link = { number: z.number(), previous: z.string(), hash: z.string() };
const named = { key: z.string(), bundle: z.string() };

/** Ledgers from before it was recorded do not say it. */
const code = z.string().default("");

const summary = {
  ...named,
  code,
  execution: z.string().default(""),
  trials: z.object({ count: z.number(), sharpeDeviation: figure, unknown: z.number() }),
  verdict: z.enum([...verdict.options, "not evaluated"]),
  isVoid: z.boolean(),
  gates: gateResults,
  figures,
};

const entry = z.discriminatedUnion("kind", [
  z.object({
    ...link,
    ...named,
    kind: z.literal("trial"),
    model: z.string(),
    data: z.string(),
    code: z.string(),
    settings: z.record(z.string(), z.unknown()),
    seed: z.number(),
    backend: z.string(),
    figures,
    part: z.string().default(""),
  }),
  z.object({ ...link, ...summary, kind: z.literal("evaluation"), evaluation: z.string() }),
  z.object({
    ...link,
    ...named,
    kind: z.literal("promotion"),
    code,
    evaluation: z.string(),
    signOff: z.string(),
    marks: z.array(z.string()).default([]),
  }),
  z.object({ ...link, kind: z.literal("demotion"), key: z.string(), reason: z.string() }),
  z.object({
    ...link,
    kind: z.literal("mend"),
    setAside: z.array(z.object({ model: z.string(), executions: z.array(z.string()) })),
  }),
]);

/**
 * An entry from its JSON, NaN put back. Ledgers from before evaluations were recorded hold trials only and do not say so.
 *
 * @returns undefined for what is no entry
 */
export function entryOf(json: Readonly<Record<string, unknown>>): Entry | undefined {
  return entry.safeParse({ kind: "trial", ...json }).data;
}

/** What an evaluation found, from the JSON of its file, NaN put back; undefined for what is none. */
export function summaryOf(json: unknown): EvaluationSummary | undefined {
  return z.object(summary).safeParse(json).data;
}
