// An ensemble of an experiment: its members are trials of their own first, and then it is one itself.
import { OptionError } from "../core/errors.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { namedTrial, parseModelName } from "../registry/named-trial.js";
import { modelName, type Trial } from "../registry/trial.js";
import { readTrials } from "../registry/trials.js";
import type { Store } from "../store/store.js";
import { identityOf } from "../training/fit-or-load.js";
import { MODEL_NAMES, namedSettings } from "../training/named-settings.js";
import {
  type EnsembleSettings,
  FINAL_SETTINGS,
  type FinalSettings,
  type MemberSettings,
  type TrainingSettings,
} from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { type Experiment, type TrainRequest, trainModel } from "./experiment.js";

/** Members where no others are asked for: all models that weigh more than one input. */
export const DEFAULT_MEMBERS: readonly string[] = MODEL_NAMES.slice(
  MODEL_NAMES.indexOf("logistic"),
);

/** How an ensemble is made. */
export interface EnsembleRequest extends Pick<TrainRequest, "seed" | "say" | "progress"> {
  /** NAME, trained as usual with the request's seed, or NAME@version of a trial of this experiment; default `DEFAULT_MEMBERS`. */
  readonly members?: readonly string[];
  /** What differs from the usual end of the ensemble's own fit; members have theirs. */
  readonly final?: Partial<FinalSettings>;
}

/**
 * The calibrated ensemble of some models, which all are trained, or loaded where the ledger has them, before it.
 *
 * @returns the ensemble; or what a member or the ensemble is missing
 * @throws {OptionError} no members, one of them twice, one that is none, or one of other data, code or backend than here
 */
export async function ensembleOf(
  store: Store,
  experiment: Experiment | Shortfall,
  {
    seed,
    say = () => {},
    progress = () => {},
    members: names = DEFAULT_MEMBERS,
    final = {},
  }: EnsembleRequest,
): Promise<TrainedModel | Shortfall> {
  requireMemberNames(names);
  if (isShortfall(experiment)) return experiment;
  const asked = await askedMembers(store, experiment, names, seed);
  const members: TrainedModel[] = [];
  for (const member of asked) {
    const own = (line: string): void => say(`${member.name}: ${line}`);
    const model = await trainModel(store, experiment, member.settings, {
      seed: member.seed,
      say: own,
      progress: (done, total, what, left) =>
        progress(done, total, `${what}, of ${member.name}`, left),
    });
    if (isShortfall(model)) return model;
    own(`${model.isLoaded ? "loaded" : "trained"} as ${memberName(model)}`);
    members.push(model);
  }
  requireEachOnce(members.map(memberName));
  const ordered = inOrder(members);
  const settings: EnsembleSettings = {
    ...{ ...FINAL_SETTINGS, ...final },
    model: "ensemble",
    members: ordered.map((member) => {
      // What was asked for is no ensemble, and what was fitted is of the same kind.
      const settings = member.settings as MemberSettings;
      return { name: memberName(member), seed: member.seed, settings };
    }),
  };
  return await trainModel(store, experiment, settings, { seed, members: ordered });
}

/** From the one that knows least: in whatever order they are asked for, they make one trial. */
function inOrder(members: readonly TrainedModel[]): readonly TrainedModel[] {
  const rank = ({ name }: TrainedModel): number => MODEL_NAMES.indexOf(name);
  return [...members].sort((a, b) => rank(a) - rank(b) || (a.version < b.version ? -1 : 1));
}

/**
 * Looks at names of members before anything is read.
 *
 * @throws {OptionError} there are none, one is there twice, or a name that no model can have
 */
export function requireMemberNames(names: readonly string[]): void {
  if (names.length === 0) throw refused("named none", "name one or more");
  requireEachOnce(names);
  for (const text of names) {
    const { name } = parseModelName(text);
    if (name === "ensemble") {
      throw refused(`named "${text}", an ensemble itself`, "name its members instead");
    }
    if (!MODEL_NAMES.includes(name)) {
      const fix = `name some of ${MODEL_NAMES.join(", ")}, each with or without @version`;
      throw refused(`named "${text}", which no model is called`, fix);
    }
  }
}

function requireEachOnce(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw refused(`named ${twice} twice, or by two names of one model`, "name each model once");
}

interface AskedMember {
  readonly name: string;
  readonly seed: number;
  readonly settings: TrainingSettings;
}

async function askedMembers(
  { root }: Store,
  experiment: Experiment,
  names: readonly string[],
  seed: number,
): Promise<readonly AskedMember[]> {
  const tensorflow = await loadTensorflow();
  const trials = await readTrials(root);
  const asked: AskedMember[] = [];
  for (const text of names) {
    const name = parseModelName(text);
    if (name.version === undefined) {
      asked.push({ name: text, seed, settings: namedSettings(text, tensorflow) });
      continue;
    }
    const trial = namedTrial(trials, name, "--members");
    const settings = trial.settings as unknown as TrainingSettings;
    const member = { name: text, seed: trial.seed, settings };
    await requireSameHere(experiment, trial, member);
    asked.push(member);
  }
  return asked;
}

/** What the ensemble rests on must come out here, to the bit, when it is fitted again without its test. */
async function requireSameHere(
  { dataset, folds }: Experiment,
  trial: Trial,
  { settings, seed }: AskedMember,
): Promise<void> {
  const here = await identityOf(dataset, folds, { name: trial.model, settings, seed });
  const differences = [
    ...(here.data === trial.data ? [] : ["on other data, labels or folds"]),
    ...(here.code === trial.code ? [] : ["by other code"]),
    ...(here.backend === trial.backend
      ? []
      : [`on ${trial.backend}, where here is ${here.backend}`]),
  ];
  if (differences.length === 0) return;
  throw refused(
    `named ${modelName(trial)}, which was fitted ${differences.join(" and ")}`,
    `train it here as the ensemble is, or name ${trial.model} without a version`,
  );
}

function memberName({ name, version }: Pick<TrainedModel, "name" | "version">): string {
  return `${name}@${version}`;
}

function refused(message: string, fix: string): OptionError {
  return new OptionError({ column: "--members", message, fix });
}
