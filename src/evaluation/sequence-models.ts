// The models that read the bars before a decision, too, and what belongs to them: at one of two sizes.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { loadTensorflow } from "../models/tensorflow.js";
import type { Store } from "../store/store.js";
import { seedsFrom } from "../training/seeds.js";
import { type SequenceSize, sequenceSize } from "../training/sequence-sizes.js";
import type { TrainedModel } from "../training/trained-model.js";
import { ensembleOf } from "./ensemble-of.js";
import { type Experiment, type TrainRequest, trainModel } from "./experiment.js";
import { trainSeeds } from "./repeated-fits.js";

/** How sequence models are trained. */
export interface SequenceRequest extends Pick<TrainRequest, "seed" | "say"> {
  /** `small`, or `full`; or another by what it is. */
  readonly size: string | SequenceSize;
}

/**
 * Every sequence model of a size, loaded where the ledger has it.
 *
 * @throws {OptionError} there is no such size
 */
export async function trainSequenceModels(
  store: Store,
  experiment: Experiment | Shortfall,
  { seed, say = () => {}, ...request }: SequenceRequest,
): Promise<readonly (TrainedModel | Shortfall)[]> {
  const { settings } = await sizeOf(request);
  const models: (TrainedModel | Shortfall)[] = [];
  for (const one of settings) {
    const told = (line: string): void => say(`${one.model}: ${line}`);
    models.push(await trainModel(store, experiment, one, { seed, say: told }));
  }
  return models;
}

/**
 * The same models from the other seeds of their size, which count up from the first: each is a trial. A small size has none.
 *
 * @throws {OptionError} there is no such size
 */
export async function trainOtherSeeds(
  store: Store,
  experiment: Experiment | Shortfall,
  { seed, say = () => {}, ...request }: SequenceRequest,
): Promise<readonly (TrainedModel | Shortfall)[]> {
  const { settings, seeds: count } = await sizeOf(request);
  if (count === 1) return [];
  const models: (TrainedModel | Shortfall)[] = [];
  for (const one of settings) {
    const told = (line: string): void => say(`${one.model}, ${line}`);
    const seeds = seedsFrom(seed, count, one);
    const fits = await trainSeeds(store, experiment, one, { seeds, say: told });
    models.push(...(isShortfall(fits) ? [fits] : fits.models.slice(1)));
  }
  return models;
}

/**
 * The calibrated ensemble of some models, where their size has one.
 *
 * @param members - as they were trained; an ensemble of those that are there
 * @returns the one ensemble, or none
 * @throws {OptionError} there is no such size, or a member was fitted by other code or on another backend
 */
export async function trainSequenceEnsemble(
  store: Store,
  experiment: Experiment | Shortfall,
  members: readonly (TrainedModel | Shortfall)[],
  { seed, say = () => {}, ...request }: SequenceRequest,
): Promise<readonly (TrainedModel | Shortfall)[]> {
  const { hasEnsemble } = await sizeOf(request);
  const names = members.flatMap((member) =>
    isShortfall(member) ? [] : [`${member.name}@${member.version}`],
  );
  if (!hasEnsemble || names.length === 0) return [];
  return [await ensembleOf(store, experiment, { seed, say, members: names })];
}

async function sizeOf({ size }: Pick<SequenceRequest, "size">): Promise<SequenceSize> {
  return typeof size === "string" ? sequenceSize(size, await loadTensorflow()) : size;
}
