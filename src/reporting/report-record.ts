import { formatUtc } from "../core/time.js";
import { type ManifestFact, type ReportFacts, sourceWord } from "./facts.js";
import type { CellError } from "./notebook-results.js";
import type { CheckRecord } from "./validate.js";
import { asVerdict, type Verdict } from "./verdict.js";

/** What a notebook cannot know about its own run. */
export interface RunFacts {
  readonly name: string;
  readonly seconds: number;
  /** When the run ended, as ISO text in UTC. */
  readonly finishedAt: string;
  readonly commit: string;
  /** Why the notebook did not run to its end, also where none of its cells shows an error; absent when it did. */
  readonly failure?: string;
  /** The exchange asked for, which says SIMULATED or REAL also where the notebook ended before it did. */
  readonly exchange?: string;
  /** Values with which the notebook can be run again. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What a reader must know of how the figures were computed; absent when all is as it should be. */
  readonly notice?: string;
  /** Versions and devices, by name. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What stays of a run beside its page: `reports/{name}.json`. */
export interface ReportRecord {
  readonly name: string;
  readonly title: string;
  readonly source: "SIMULATED" | "REAL" | "UNKNOWN";
  readonly exchange: string | null;
  readonly symbols: readonly string[];
  readonly span: string | null;
  readonly rows: number | null;
  readonly verdict: Verdict;
  readonly answer: string;
  /** False when a cell failed; then `error` says which and why. */
  readonly ok: boolean;
  readonly error: CellError | null;
  readonly checks: readonly CheckRecord[];
  readonly figures: Readonly<Record<string, number | string | null>>;
  /** Values with which the notebook can be run again; empty when they are not known. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly commit: string;
  readonly seconds: number;
  readonly finishedAt: string;
  readonly manifests: readonly ManifestFact[];
}

/**
 * The record of a run; where a cell failed the verdict is `fail`, whatever the notebook had said before. A notebook that
 * recorded no checks has failed too: its validation cell never ran.
 */
export function recordOf(
  checks: readonly CheckRecord[],
  {
    title,
    facts,
    errors,
    run,
  }: {
    readonly title: string;
    readonly facts: ReportFacts;
    readonly errors: readonly CellError[];
    readonly run: RunFacts;
  },
): ReportRecord {
  const [error = failureOf(run, checks)] = errors;
  return {
    name: run.name,
    title,
    source: sourceWord(facts),
    exchange: facts.exchange ?? null,
    symbols: facts.symbols ?? [],
    span: dataSpan(facts) ?? null,
    rows: facts.rows ?? null,
    verdict: error === undefined ? asVerdict(facts.verdict) : "fail",
    answer: answerOf(facts, checks, error),
    ok: error === undefined,
    error: error ?? null,
    checks,
    figures: facts.figures ?? {},
    parameters: run.parameters ?? {},
    commit: run.commit,
    seconds: run.seconds,
    finishedAt: run.finishedAt,
    manifests: facts.manifests ?? [],
  };
}

/** What is wrong with a run none of whose cells shows an error. */
function failureOf({ failure }: RunFacts, checks: readonly CheckRecord[]): CellError | undefined {
  if (failure !== undefined) return { cell: 0, text: failure };
  if (checks.length > 0) return undefined;
  const text =
    "its validation cell recorded no checks, so nothing here was validated; run it again";
  return { cell: 0, text };
}

/** First and last time of the data for people; undefined when it was not said. */
export function dataSpan({ fromUs, toUs }: ReportFacts): string | undefined {
  if (fromUs === undefined || toUs === undefined) return undefined;
  return `${formatUtc(fromUs).slice(0, 16)} to ${formatUtc(toUs).slice(0, 16)}`;
}

/** What the notebook said; where it failed before its checks, how it failed. */
function answerOf(
  { answer }: ReportFacts,
  checks: readonly CheckRecord[],
  error: CellError | undefined,
): string {
  if (error !== undefined && (checks.length === 0 || answer === undefined)) return failed(error);
  return answer ?? "The notebook gave no answer.";
}

function failed({ cell, text }: CellError): string {
  return cell === 0 ? `The run is void: ${text}.` : `The run ended in cell ${cell}: ${text}`;
}
