// Which models are there, in what state, and which of them may run?
import { readdir } from "node:fs/promises";
import { bundleFolder, orDamage, readBundle } from "./bundles.js";
import { codeHash } from "./code-hash.js";
import type { DemotionEntry, EvaluationEntry } from "./entries.js";
import { readEvaluation } from "./evaluations.js";
import { isAbsent } from "./is-absent.js";
import type { Ledger } from "./ledger.js";
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
  /** True when that was made by other code than what is installed: it promotes nothing. */
  readonly isStale: boolean;
  readonly standing: "promoted" | "demoted" | "not promoted";
  /** Only of a promoted one. */
  readonly promotion: Promoted | undefined;
  /** Only of a demoted one. */
  readonly demotion: DemotionEntry | undefined;
  /** What is wrong with its files, as a sentence; undefined when all are as they were recorded. */
  readonly damage: string | undefined;
}

/**
 * Models in the order in which their trials were recorded, every file's hash checked. One whose folder was removed is
 * left out unless it is promoted.
 *
 * @param root - of the store
 */
export async function listModels(root: string, ledger: Ledger): Promise<readonly ListedModel[]> {
  const listed: ListedModel[] = [];
  const code = await codeHash({ of: "evaluation" });
  for (const trial of ledger.state.trials.values()) {
    const isPromoted = ledger.state.promoted.has(trial.key);
    if (isPromoted || (await hasFolder(root, trial)))
      listed.push(await describeModel(root, ledger, trial, code));
  }
  return listed;
}

async function describeModel(
  root: string,
  { state }: Ledger,
  trial: Trial,
  code: string,
): Promise<ListedModel> {
  const { model: name, key } = trial;
  const standing = state.promoted.get(key);
  const demotion = state.demoted.get(key);
  const evaluation = state.evaluations.get(key);
  const bundle = await orDamage(() => readBundle(root, name, versionOf(key), trial.bundle));
  const evaluations = new Set([evaluation, standing?.evaluation]);
  const faults = ["damage" in bundle ? bundle.damage : undefined];
  for (const one of evaluations) {
    if (one === undefined) continue;
    const read = await orDamage(() => readEvaluation(root, trial, one));
    faults.push("damage" in read ? read.damage : undefined);
  }
  const damage = faults.filter((fault) => fault !== undefined);
  return {
    name,
    version: versionOf(key),
    trial,
    content: "damage" in bundle ? undefined : bundle.value.content,
    files: "damage" in bundle ? 0 : Object.keys(bundle.value.files).length,
    evaluation,
    isStale: evaluation !== undefined && evaluation.code !== code,
    standing: standing !== undefined ? "promoted" : demotion ? "demoted" : "not promoted",
    promotion: promotedModels(state).find(({ since }) => since === standing?.promotion.number),
    demotion,
    damage: damage.length === 0 ? undefined : damage.join("; "),
  };
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
