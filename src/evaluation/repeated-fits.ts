// One experiment, several fits: a configuration under several seeds, and several configurations. Each fit is a trial.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { readTrials } from "../registry/trials.js";
import type { Store } from "../store/store.js";
import { changesText, type GridPoint } from "../training/asked-settings.js";
import { chosenTry, type Try, tried } from "../training/search.js";
import type { TrainingSettings } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { type Experiment, type TrainRequest, trainModel } from "./experiment.js";

/** How all of them are trained. */
export interface RepeatRequest extends Omit<TrainRequest, "seed"> {
  /** The first is the one that is reported where only one can be: it was fixed before anything was seen. */
  readonly seeds: readonly number[];
}

/** The same configuration under each seed. */
export interface SeededFits {
  readonly models: readonly TrainedModel[];
  /** Trials that the ledger did not have before. */
  readonly added: number;
}

/** What a search tried, and what it chose. */
export interface Search {
  readonly tries: readonly Try[];
  /** By the early-stop loss alone; the test has no part in it. */
  readonly chosen: Try;
  /** Trials that the ledger did not have before. */
  readonly added: number;
}

/**
 * Fits one configuration under several seeds; what the ledger has is loaded. All but the first are part of a comparison, so that
 * a model's name alone never means the last of them, or the best.
 *
 * @returns a model a seed; or what is missing
 */
export async function trainSeeds(
  store: Store,
  experiment: Experiment | Shortfall,
  settings: TrainingSettings,
  request: RepeatRequest,
): Promise<SeededFits | Shortfall> {
  const before = await recordedKeys(store);
  const models = await seededModels(store, experiment, settings, request);
  return isShortfall(models) ? models : { models, added: newTrials(before, models) };
}

/**
 * Fits every point of a grid, under every seed, and chooses by the loss on the first fold's early-stop slice, of several seeds
 * their mean. Every fit is a trial that counts: a Sharpe ratio is deflated by all of them. What the ledger has is loaded, so that
 * a search that was stopped goes on.
 *
 * @param grid - two points or more
 * @returns what was tried and chosen; or what is missing
 */
export async function searchSettings(
  store: Store,
  experiment: Experiment | Shortfall,
  grid: readonly GridPoint[],
  { say = () => {}, ...request }: RepeatRequest,
): Promise<Search | Shortfall> {
  const before = await recordedKeys(store);
  const tries: Try[] = [];
  for (const [i, point] of grid.entries()) {
    const place = `try ${i + 1} of ${grid.length}, ${changesText(point.changes)}`;
    const models = await seededModels(store, experiment, point.settings, {
      ...request,
      say: (line) => say(`${place}: ${line}`),
      part: "search",
    });
    if (isShortfall(models)) return models;
    tries.push(tried(point, models));
  }
  const all = tries.flatMap(({ models }) => models);
  return { tries, chosen: chosenTry(tries), added: newTrials(before, all) };
}

async function seededModels(
  store: Store,
  experiment: Experiment | Shortfall,
  settings: TrainingSettings,
  { seeds, say = () => {}, part = "", ...request }: RepeatRequest,
): Promise<readonly TrainedModel[] | Shortfall> {
  const models: TrainedModel[] = [];
  for (const seed of seeds) {
    const isFirst = models.length === 0;
    const model = await trainModel(store, experiment, settings, {
      ...request,
      seed,
      say: seeds.length === 1 ? say : (line) => say(`seed ${seed}: ${line}`),
      part: isFirst || part !== "" ? part : "seeds",
    });
    if (isShortfall(model)) return model;
    models.push(model);
  }
  return models;
}

async function recordedKeys({ root }: Store): Promise<ReadonlySet<string>> {
  return new Set((await readTrials(root)).map(({ key }) => key));
}

function newTrials(before: ReadonlySet<string>, models: readonly TrainedModel[]): number {
  return new Set(models.map(({ key }) => key).filter((key) => !before.has(key))).size;
}
