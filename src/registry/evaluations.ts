// What was found of a model? A file beside its bundle that holds everything, and an entry of the ledger that holds its hash.
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { canonicalJson, contentHash } from "../core/content-hash.js";
import { DataError } from "../core/errors.js";
import { bundleFolder, writeAtomically } from "./bundles.js";
import { codeHash } from "./code-hash.js";
import {
  type EvaluationEntry,
  type EvaluationSummary,
  type GateResult,
  summaryOf,
  type TrialStatistics,
} from "./entries.js";
import { type Difference, firstDifference } from "./first-difference.js";
import { isAbsent } from "./is-absent.js";
import { addEntry } from "./ledger.js";
import { isFalsePass, type LedgerState } from "./ledger-state.js";
import { requireFounded, requireToldInFull } from "./told-in-full.js";
import { modelName, type Trial, versionOf } from "./trial.js";
import { markRecorded, markUnrecorded } from "./unrecorded.js";

/** What is to be recorded of a model; which bundle it is of, the ledger says, and the code is what is installed. */
export interface NewEvaluation extends Omit<EvaluationSummary, "bundle" | "code"> {
  /** All that was measured, as plain JSON or typed arrays: what model cards and reports are written from. */
  readonly evaluation: unknown;
}

/** A recorded evaluation with everything that was measured. */
export interface EvaluationRecord extends EvaluationSummary {
  /** All that was measured, as plain JSON: what could not be measured is null. */
  readonly evaluation: unknown;
}

/** More was recorded while a model was evaluated than its statistics count: to be evaluated against that, too. */
export class TriedMeanwhileError extends DataError {}

const FORMAT = 1;

/**
 * Records an evaluation: first its file, then its entry. The same evaluation again makes no new entry, unless another
 * was recorded in between: the last one counts.
 *
 * @param root - of the store
 * @param options.isCurrent - asked under the ledger's lock whether its statistics are those of the ledger as it stands
 * @returns the entry, new or old
 * @throws {TriedMeanwhileError} they are not; nothing was recorded
 * @throws {DataError} the ledger has no such trial, or does not hold what was written; or a gate's figures are no pass though
 *   it is called one, or what is told in full says otherwise
 */
export async function recordEvaluation(
  root: string,
  { key, execution, trials, verdict, isVoid, gates, figures, evaluation }: NewEvaluation,
  { isCurrent = () => true }: { readonly isCurrent?: (state: LedgerState) => boolean } = {},
): Promise<EvaluationEntry> {
  const code = await codeHash({ of: "evaluation" });
  const marked: string[] = [];
  const entry = await addEntry<EvaluationEntry>(root, async ({ state, file }) => {
    const trial = state.trials.get(key);
    if (trial === undefined) throw unknownTrial(file, key);
    requireTruePasses(trial, gates);
    if (!isCurrent(state)) throw triedMeanwhile(file, trial, trials);
    const results = gates.map(({ name, verdict: gate, value, margin }) => {
      return { name, verdict: gate, value, margin };
    });
    const { count, sharpeDeviation, unknown } = trials;
    const summary: EvaluationSummary = {
      key,
      bundle: trial.bundle,
      code,
      execution,
      trials: { count, sharpeDeviation, unknown },
      verdict,
      isVoid,
      gates: results,
      figures,
    };
    const bytes = Buffer.from(canonicalJson({ format: FORMAT, ...summary, evaluation }));
    const told = JSON.parse(bytes.toString()) as { readonly evaluation?: unknown };
    requireTrue(modelName(trial), trial, { ...summary, evaluation: told.evaluation });
    const hash = contentHash(bytes);
    const place = evaluationFile(root, trial, hash);
    marked.push(place);
    if (!(await isThere(place))) await markUnrecorded(place);
    await writeAtomically(place, bytes);
    const last = state.evaluations.get(key);
    return last?.evaluation === hash ? last : { kind: "evaluation", ...summary, evaluation: hash };
  });
  for (const place of marked) await markRecorded(place);
  return entry;
}

/**
 * Reads an evaluation; nothing is handed out before its hash, its entry and its summary have been checked.
 *
 * @throws {DataError} the file is not there or differs from what was recorded; names it, and the field where it says
 *   otherwise than the ledger, or its summary otherwise than what it tells in full
 */
export async function readEvaluation(
  root: string,
  trial: Trial,
  entry: EvaluationEntry,
): Promise<EvaluationRecord> {
  const file = evaluationFile(root, trial, entry.evaluation);
  const bytes = await readBytes(file);
  if (contentHash(bytes) !== entry.evaluation) {
    throw damaged(file, "had another SHA-256 than the ledger says");
  }
  const json = JSON.parse(bytes.toString()) as { readonly format?: number; evaluation?: unknown };
  const summary = summaryOf(json);
  if (json.format !== FORMAT || summary === undefined) {
    throw damaged(file, `had format ${json.format}, expected ${FORMAT}`);
  }
  const { kind: _, number: _n, previous: _p, hash: _h, evaluation: _e, ...said } = entry;
  const other = firstDifference(summary, said);
  if (other !== undefined) throw otherThan(entry, file, other);
  const record = { ...summary, evaluation: json.evaluation };
  requireTrue(file, trial, record);
  return record;
}

/** Whoever writes a file can write any summary: what is told in full decides. */
function requireTrue(file: string, { model }: Trial, record: EvaluationRecord): void {
  const { evaluation, ...summary } = record;
  requireToldInFull({ file, model }, summary, evaluation);
  requireFounded({ file, model }, summary, evaluation);
}

/** Where an evaluation's file was when nothing is there any more. */
export async function lostEvaluation(
  root: string,
  trial: Trial,
  { evaluation }: EvaluationEntry,
): Promise<string | undefined> {
  const file = evaluationFile(root, trial, evaluation);
  return (await isThere(file)) ? undefined : file;
}

/** Name of an evaluation's file, by its SHA-256. */
export function evaluationName(hash: string): string {
  return `${hash.slice(0, 12)}.json`;
}

function evaluationFile(root: string, trial: Trial, hash: string): string {
  const folder = bundleFolder(root, trial.model, versionOf(trial.key));
  return path.join(folder, "evaluations", evaluationName(hash));
}

async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

async function readBytes(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if (!isAbsent(error)) throw error;
    throw damaged(file, "is not there");
  }
}

/** A gate's word and its figures come from one measurement: where they differ, something is wrong with the code. */
function requireTruePasses(trial: Trial, gates: readonly GateResult[]): void {
  const lie = gates.find(isFalsePass);
  if (lie === undefined) return;
  throw new DataError({
    file: modelName(trial),
    column: `gate ${lie.name}`,
    message: `was called a pass with value ${lie.value} and margin ${lie.margin}, expected both known and the margin at least 0`,
    fix: "nothing was recorded; build the code of a release with `npm run build` and evaluate again",
  });
}

function triedMeanwhile(file: string, trial: Trial, { count }: TrialStatistics): DataError {
  return new TriedMeanwhileError({
    file,
    message: `was added to while ${modelName(trial)} was evaluated against ${count} trials`,
    fix: "evaluate it again",
  });
}

function unknownTrial(file: string, key: string): DataError {
  return new DataError({
    file,
    message: `has no trial ${versionOf(key)}, of which an evaluation was to be recorded`,
    fix: "train the model with `npx tickbook train`",
  });
}

function otherThan(
  { number }: EvaluationEntry,
  file: string,
  { place, left, right }: Difference,
): DataError {
  return new DataError({
    file,
    column: place,
    message: `was ${left}, and entry ${number} of the ledger says ${right}`,
    fix: "evaluate again with `npx tickbook evaluate`; one of the two was altered after it was written",
  });
}

function damaged(file: string, message: string): DataError {
  return new DataError({ file, message, fix: "evaluate again with `npx tickbook evaluate`" });
}
