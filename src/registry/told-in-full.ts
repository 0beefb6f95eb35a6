// Does the summary of an evaluation say what the evaluation says in full? The ledger and promotions rest on the summary alone.

import { dailySharpe, FEWEST_SHARPE_DAYS } from "../core/daily-sharpe.js";
import { DataError } from "../core/errors.js";
import { meanOverDeviation } from "../core/statistics.js";
import type { EvaluationSummary } from "./entries.js";
import { firstDifference } from "./first-difference.js";
import { type FullEvaluation, type FullModel, fullEvaluation } from "./full-evaluation.js";
import { unfoundedPass } from "./pass-evidence.js";

/** What a summary takes from what is told in full; undefined is what that does not say. */
type Told = {
  readonly [Name in "verdict" | "isVoid" | "gates" | "trials" | "figures"]?:
    | EvaluationSummary[Name]
    | undefined;
};

/** What a summary may not say alone where it calls its model passed. */
const OF_A_PASS: readonly (keyof Told)[] = ["verdict", "isVoid", "gates"];

/** Where an evaluation is, and whose it is. */
interface Place {
  /** To be named in the error. */
  readonly file: string;
  /** Kind of model, as evaluations name it. */
  readonly model: string;
}

/**
 * Derives verdict, void, gates, trials and figures from what an evaluation says in full, and compares them with its summary.
 * What is not told in full is not compared, as fits are recorded with figures alone; but a summary that calls its model passed must
 * be told in full.
 *
 * @param evaluation - all that was measured, as plain JSON
 * @throws {DataError} the two differ; names the field
 */
export function requireToldInFull(
  { file, model }: Place,
  summary: EvaluationSummary,
  evaluation: unknown,
): void {
  const full = fullEvaluation(evaluation);
  const own = full.models?.find((one) => one.model === model);
  const told = toldOf(full, own, summary);
  const names = (Object.keys(told) as (keyof Told)[]).filter(
    (name) => told[name] !== undefined || (summary.verdict === "pass" && OF_A_PASS.includes(name)),
  );
  const said = { ...summary, figures: alike(summary.figures, told.figures) };
  const other = firstDifference(only(names, told), only(names, said));
  if (other !== undefined) {
    const { place, left, right } = other;
    throw untrue(file, place, `was ${left} where it is told in full, and ${right} in its summary`);
  }
}

/**
 * Refuses a summary that calls its model passed though what is told in full does not carry it: on too few days or rows, say.
 *
 * @throws {DataError} names the gate, what was measured and what it needs
 */
export function requireFounded(
  { file, model }: Place,
  summary: EvaluationSummary,
  evaluation: unknown,
): void {
  if (summary.verdict !== "pass") return;
  const full = fullEvaluation(evaluation);
  const own = full.models?.find((one) => one.model === model);
  const lie = own === undefined ? undefined : unfoundedPass(full, own, summary.gates);
  if (lie === undefined) return;
  const message = `was called a pass with ${lie.found}, expected ${lie.expected}`;
  throw untrue(file, `gates.${lie.gate}`, message);
}

function toldOf(
  { isVoid, trials }: FullEvaluation,
  own: FullModel | undefined,
  summary: EvaluationSummary,
): Told {
  return {
    verdict: isVoid === true ? "fail" : own?.verdict,
    isVoid,
    gates: own?.gates,
    trials,
    figures: own && alike(figuresOf(own, summary.figures), summary.figures),
  };
}

function figuresOf(
  { metrics, majorityRate, ladder }: FullModel,
  said: EvaluationSummary["figures"],
): Told["figures"] {
  const daily = ladder?.rungs.at(-1)?.daily;
  const told = {
    dailySharpe:
      daily &&
      toldSharpe(
        daily.map(({ net }) => net),
        said["dailySharpe"],
      ),
    grossDailySharpe:
      daily &&
      toldSharpe(
        daily.map(({ gross }) => gross),
        said["grossDailySharpe"],
      ),
    accuracy: metrics?.["accuracy"]?.estimate,
    majorityRate,
  };
  const known = Object.entries(told).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Record<string, number>;
}

/** The ratio of daily returns; where a summary is from before few of them had none, that which it had then. */
function toldSharpe(returns: readonly number[], said = Number.NaN): number {
  const isEarlier = returns.length < FEWEST_SHARPE_DAYS && Number.isFinite(said);
  return isEarlier ? meanOverDeviation(returns) : dailySharpe(returns);
}

/** Those that the other has as well. */
function alike(figures: Told["figures"] = {}, other: Told["figures"] = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).filter(([name]) => name in other));
}

function only(names: readonly (keyof Told)[], told: Told): Told {
  return Object.fromEntries(names.map((name) => [name, told[name]]));
}

function untrue(file: string, column: string, message: string): DataError {
  return new DataError({
    file,
    column,
    message,
    fix: "evaluate it again with `npx tickbook evaluate`; one of the two was altered",
  });
}
