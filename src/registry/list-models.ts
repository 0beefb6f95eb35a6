// Which models are there, in what state, and which of them may run?
import { readdir } from "node:fs/promises";
import { DataError } from "../core/errors.js";
import { BUNDLE_CARD, bundleFolder, orDamage, readBundle } from "./bundles.js";
import { codeHash } from "./code-hash.js";
import type { DemotionEntry, EvaluationEntry } from "./entries.js";
import { evaluationName, lostEvaluation, readEvaluation } from "./evaluations.js";
import { isAbsent } from "./is-absent.js";
import type { Ledger } from "./ledger.js";
import type { Standing } from "./ledger-state.js";
import { unknownFiles } from "./model-folder.js";
import { type Promoted, promotedModels } from "./promoted-file.js";
import { type Trial, versionOf } from "./trial.js";

/** A model of this store. */
export interface ListedModel {
  readonly name: string;
  readonly version: string;
  readonly trial: Trial;
  /** What its bundle says it was made from and for; undefined when the bundle cannot be read. */
  readonly content: Readonly<Record<string, unknown>> | undefined;
  /** Files of the bundle. */
  readonly files: number;
  /** Its last evaluation; undefined when there was none. */
  readonly evaluation: EvaluationEntry | undefined;
  /** False when its file is damaged, or tells in full something else: what the ledger says of it is not to be believed. */
  readonly isEvaluationWhole: boolean;
  /** True when that was made by other code than what is installed: it promotes nothing. */
  readonly isStale: boolean;
  readonly standing: "promoted" | "demoted" | "not promoted";
  /** Only of a promoted one. */
  readonly promotion: Promoted | undefined;
  /** Only of a demoted one. */
  readonly demotion: DemotionEntry | undefined;
  /** What is wrong with its files, as a sentence; undefined when all are as they were recorded. */
  readonly damage: string | undefined;
  /** Files of its evaluations that are gone; no damage, since nothing rests on them: a later one counts. */
  readonly lost: readonly string[];
}

/**
 * Models in the order in which their trials were recorded, every file of their bundles and of all their evaluations held against
 * the hash that the ledger holds. One whose folder was removed is left out unless it is promoted.
 *
 * @param root - of the store
 */
export async function listModels(root: string, ledger: Ledger): Promise<readonly ListedModel[]> {
  const listed: ListedModel[] = [];
  const code = await codeHash({ of: "evaluation" });
  const recorded = evaluationsOf(ledger);
  for (const trial of ledger.state.trials.values()) {
    const isPromoted = ledger.state.promoted.has(trial.key);
    if (!isPromoted && !(await hasFolder(root, trial))) continue;
    const evaluations = recorded.get(trial.key) ?? [];
    listed.push(await describeModel(root, ledger, trial, { code, evaluations }));
  }
  return listed;
}

/** Evaluations by their trials' keys, each file once: as its last entry says it. */
function evaluationsOf({ entries }: Ledger): ReadonlyMap<string, readonly EvaluationEntry[]> {
  const found = new Map<string, Map<string, EvaluationEntry>>();
  for (const entry of entries) {
    if (entry.kind !== "evaluation") continue;
    const own = found.get(entry.key) ?? new Map<string, EvaluationEntry>();
    found.set(entry.key, own.set(entry.evaluation, entry));
  }
  return new Map([...found].map(([key, own]) => [key, [...own.values()]]));
}

async function describeModel(
  root: string,
  { state }: Ledger,
  trial: Trial,
  {
    code,
    evaluations,
  }: { readonly code: string; readonly evaluations: readonly EvaluationEntry[] },
): Promise<ListedModel> {
  const { model: name, key } = trial;
  const standing = state.promoted.get(key);
  const demotion = state.demoted.get(key);
  const evaluation = state.evaluations.get(key);
  const bundle = await orDamage(() => readBundle(root, name, versionOf(key), trial.bundle));
  const files = await evaluationFiles(root, trial, evaluations, { standing, evaluation });
  const damage = ["damage" in bundle ? [bundle.damage] : [], files.damage].flat();
  if ("value" in bundle) {
    const parts = new Set([BUNDLE_CARD, ...Object.keys(bundle.value.files)]);
    const own = new Set(evaluations.map((one) => evaluationName(one.evaluation)));
    const folder = bundleFolder(root, name, versionOf(key));
    damage.push(...(await unknownFiles(folder, parts, own)).map(unknownText));
  }
  return {
    name,
    version: versionOf(key),
    trial,
    content: "damage" in bundle ? undefined : bundle.value.content,
    files: "damage" in bundle ? 0 : Object.keys(bundle.value.files).length,
    evaluation,
    isEvaluationWhole: files.isLastWhole,
    isStale: evaluation !== undefined && evaluation.code !== code,
    standing: standing !== undefined ? "promoted" : demotion ? "demoted" : "not promoted",
    promotion: promotedModels(state).find(({ since }) => since === standing?.promotion.number),
    demotion,
    damage: damage.length === 0 ? undefined : damage.join("; "),
    lost: files.lost,
  };
}

/** What mends an evaluation's file, by what rests on it; the last one is mended as reading it says. */
const MENDS = {
  last: undefined,
  promoted: "evaluate and promote again, or demote the model: it was promoted on this",
  superseded: "bring it back from a copy, or delete it: a later evaluation counts",
} as const;

/** What is wrong with the files of a model's evaluations, and those that are gone and that nothing rests on. */
async function evaluationFiles(
  root: string,
  trial: Trial,
  recorded: readonly EvaluationEntry[],
  on: {
    readonly standing: Standing | undefined;
    readonly evaluation: EvaluationEntry | undefined;
  },
): Promise<{
  readonly damage: readonly string[];
  readonly lost: readonly string[];
  readonly isLastWhole: boolean;
}> {
  const damage: string[] = [];
  let isLastWhole = true;
  const lost: string[] = [];
  for (const entry of recorded) {
    const isPromotedOn = on.standing?.evaluation.evaluation === entry.evaluation;
    const isLast = on.evaluation?.evaluation === entry.evaluation;
    const use = isLast ? "last" : isPromotedOn ? "promoted" : "superseded";
    const gone = use === "superseded" ? await lostEvaluation(root, trial, entry) : undefined;
    if (gone !== undefined) lost.push(gone);
    const found = gone === undefined ? await evaluationDamage(root, trial, entry, use) : [];
    if (isLast) isLastWhole = found.length === 0;
    damage.push(...found);
  }
  return { damage, lost, isLastWhole };
}

async function evaluationDamage(
  root: string,
  trial: Trial,
  entry: EvaluationEntry,
  use: keyof typeof MENDS,
): Promise<readonly string[]> {
  try {
    await readEvaluation(root, trial, entry);
    return [];
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const fix = MENDS[use];
    return [(fix === undefined ? error : new DataError({ ...error.place, fix })).message];
  }
}

function unknownText(file: string): string {
  return `${file}: is no file of this model; delete it`;
}

async function hasFolder(root: string, { model, key }: Trial): Promise<boolean> {
  try {
    return (await readdir(bundleFolder(root, model, versionOf(key)))).length > 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    // Something else lies in its place, which reading it will say.
    if (isAbsent(error)) return true;
    throw error;
  }
}
