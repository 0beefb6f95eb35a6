// One door to every trained model: a trial that is in the ledger is loaded, any other is fitted and recorded.
import { rm } from "node:fs/promises";
import path from "node:path";
import { contentHash } from "../core/content-hash.js";
import { DataError } from "../core/errors.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { quantile } from "../core/statistics.js";
import { datasetDays } from "../dataset/dataset-name.js";
import type { Dataset, Fold } from "../dataset/matrix.js";
import { cpuSums } from "../models/device-name.js";
import { type InputProfile, PROFILE_FILE, profileToBytes } from "../models/input-profile.js";
import { featureNamesHash } from "../models/predictor.js";
import { loadTensorflow, nativeKernels } from "../models/tensorflow.js";
import { hasBundle, writeAtomically, writeBundle } from "../registry/bundles.js";
import { codeHash } from "../registry/code-hash.js";
import type { MemberFacts } from "../registry/member-facts.js";
import { type TrialIdentity, trialKey, versionOf } from "../registry/trial.js";
import { readTrials, recordTrial } from "../registry/trials.js";
import { auditFigures } from "./audit-figures.js";
import type { CheckpointFile } from "./checkpoint.js";
import type { BatchProgress, EpochProgress } from "./epoch-pace.js";
import type { FoldFit } from "./fold-fit.js";
import { loadTrial, measuredFile, readIfThere } from "./load-trial.js";
import { membersOf } from "./members-of.js";
import { foldsToFiles } from "./model-files.js";
import { fittedSettings, readsWindows, type TrainingSettings } from "./settings.js";
import { type FoldHooks, isRule, trainFold } from "./train-fold.js";
import { type TrainedModel, trainedModel } from "./trained-model.js";
import { profileOf } from "./training-profile.js";
import { trialFigures } from "./trial-figures.js";

/** What a fit needs besides data and settings. */
export interface FitOptions {
  /** Root of the store; the ledger and the bundles are in its `registry` folder. */
  readonly root: string;
  /** Of initial weights, batch order and dropout; default 1. */
  readonly seed?: number;
  /** How the dataset and its folds are found again: kept in the bundle as it is. */
  readonly origin?: Readonly<Record<string, unknown>>;
  /** What it is fitted for besides being a model of its own; see the trial's. */
  readonly part?: string;
  /** Members of an ensemble, as its settings name them, where they are at hand: they are not fitted once more. */
  readonly members?: readonly TrainedModel[];
  /** Called after each step of the optimiser. */
  readonly onBatch?: (progress: InFold<BatchProgress>) => void;
  /** Called as each epoch ends. */
  readonly onEpoch?: (progress: InFold<EpochProgress>) => void;
  /** Told what a user should know, a sentence each. */
  readonly onNotice?: (line: string) => void;
}

/** Of which fold something is, counted from 1, and of how many. */
export type InFold<Progress> = Progress & { readonly fold: number; readonly folds: number };

/**
 * The model that a dataset, its folds, settings and seed make: loaded from its bundle when the ledger has the trial,
 * else fitted, bundled and recorded. A killed fit goes on from its last epoch.
 *
 * @returns the model; or what is missing, and then nothing is recorded
 * @throws {DataError} the ledger or the bundle was changed, or a recorded trial came out differently
 */
export async function fitOrLoad(
  dataset: Dataset,
  folds: readonly Fold[],
  asked: TrainingSettings,
  options: FitOptions,
): Promise<TrainedModel | Shortfall> {
  const { name, settings } = fittedSettings(asked, dataset.featureNames);
  const identity = await identityOf(dataset, folds, { name, settings, seed: options.seed ?? 1 });
  const key = trialKey(identity);
  const trials = await readTrials(options.root);
  const known = trials.find((trial) => trial.key === key);
  if (known !== undefined && (await hasBundle(options.root, identity.model, versionOf(key)))) {
    return await loadTrial(options.root, known, trials.length);
  }
  const fits = await fitFolds(dataset, folds, settings, identity, options);
  if (isShortfall(fits)) return fits;
  const profile = profileOf(dataset, folds, fits.folds, settings);
  return await record(dataset, { ...fits, profile }, settings, identity, options);
}

/** What makes a fit the same trial as another. */
export async function identityOf(
  dataset: Dataset,
  folds: readonly Fold[],
  { name, settings, seed }: ReturnType<typeof fittedSettings> & { readonly seed: number },
): Promise<TrialIdentity> {
  return {
    model: name,
    data: dataHash(dataset, folds),
    code: await codeHash(),
    settings: { ...settings },
    seed,
    backend: await backendOf(settings),
  };
}

/**
 * What computes a model here. Rules are plain code, which gives the same bits whatever library is there; large logistic fits are
 * the library's too. How many threads share a sum, and how many numbers the processor adds at once, moves its last bits.
 */
export async function backendOf(settings: TrainingSettings): Promise<string> {
  if (isRule(settings)) return "plain";
  const { backend, version, gpu, threads } = await loadTensorflow();
  const of = backend === "native" ? `, ${cpuSums(threads)}${kernelsOf(settings)}` : "";
  return `${backend} ${version}${gpu ? " on GPU" : ""}${of}`;
}

/** Our own operations, which are no code of a fit's hash, where a model or a member of it is computed by them. */
function kernelsOf(settings: TrainingSettings): string {
  const kernels = isOfKernels(settings) ? nativeKernels() : undefined;
  if (kernels === undefined) return "";
  const { TICKBOOK_PROCESSOR: lesser } = process.env;
  // One without a name is none that there are kernels for, and gets the plain ones.
  return `, kernels ${kernels}${lesser === undefined ? "" : ` for ${lesser || "plain"}`}`;
}

function isOfKernels(settings: TrainingSettings): boolean {
  if (settings.model === "ensemble")
    return settings.members.some((one) => isOfKernels(one.settings));
  return readsWindows(settings.model);
}

/** Hash that two fits share when they saw the same dataset, cut into the same folds. */
export function dataHash({ hash }: Pick<Dataset, "hash">, folds: readonly Fold[]): string {
  return contentHash([hash, ...folds.flatMap(rowHashes)]);
}

function rowHashes({ train, earlyStop, calibrate, test }: Fold): readonly string[] {
  return [train, earlyStop, calibrate, test].map((rows) =>
    contentHash(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)),
  );
}

interface Fits {
  readonly folds: readonly FoldFit[];
  readonly secondsPerEpoch: number;
}

async function fitFolds(
  dataset: Dataset,
  folds: readonly Fold[],
  settings: TrainingSettings,
  identity: TrialIdentity,
  { root, members, onBatch, onEpoch, onNotice }: FitOptions,
): Promise<Fits | Shortfall> {
  const fits: FoldFit[] = [];
  const seconds: number[] = [];
  const key = trialKey(identity);
  for (const [i, fold] of folds.entries()) {
    const place = { fold: i + 1, folds: folds.length };
    const hooks: FoldHooks = {
      checkpoint: checkpointOf(root, key, i),
      ...(members === undefined ? {} : { members: members.map((one) => one.folds[i]!) }),
      onBatch: (progress) => onBatch?.({ ...progress, ...place }),
      onEpoch: (progress) => {
        seconds.push(progress.seconds);
        onEpoch?.({ ...progress, ...place });
      },
      onNotice,
    };
    const where = `fold ${place.fold} of ${place.folds} of ${dataset.exchange} ${dataset.symbols.join(", ")}`;
    const fit = await placed(
      where,
      () => trainFold(dataset, fold, settings, identity.seed, hooks),
      () => removeCheckpoints(root, key, folds.length),
    );
    if (isShortfall(fit)) return fit;
    fits.push(fit);
  }
  return { folds: fits, secondsPerEpoch: quantile(seconds, 0.5) };
}

/** Names the fold and the market in what a fit says of its data, and takes its checkpoints away: the same data lead there again. */
async function placed<Result>(
  place: string,
  work: () => Promise<Result>,
  forget: () => Promise<void>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    await forget();
    throw new DataError({ ...error.place, file: error.place.file ?? place });
  }
}

async function record(
  dataset: Dataset,
  { folds, secondsPerEpoch, profile }: Fits & { readonly profile: InputProfile },
  settings: TrainingSettings,
  identity: TrialIdentity,
  { root, origin = {}, part = "" }: FitOptions,
): Promise<TrainedModel> {
  const key = trialKey(identity);
  const version = versionOf(key);
  const { model: name, seed, backend } = identity;
  const facts = { name, key, version, settings, seed, backend };
  const model = trainedModel(folds, {
    ...facts,
    figures: {},
    trials: 0,
    isLoaded: false,
    secondsPerEpoch,
  });
  const figures = {
    ...trialFigures(dataset, model.testRows, model.probability),
    ...auditFigures(folds),
  };
  const { exchange, symbols, featureNames, catalogueHash } = dataset;
  const { barUs, horizonUs, horizonBars, latencyUs, labelKind, labelRule } = dataset;
  const bundle = await writeBundle(root, {
    name,
    version,
    trial: key,
    content: {
      ...identity,
      exchange,
      symbols,
      ...datasetDays(dataset),
      barUs,
      horizonUs,
      horizonBars,
      latencyUs,
      labelKind,
      labelRule,
      folds: folds.length,
      ...membersContent(folds),
      origin,
      featureNames,
      featureNamesHash: featureNamesHash(featureNames),
      catalogueHash,
      figures,
    },
    files: { ...foldsToFiles(folds), [PROFILE_FILE]: profileToBytes(profile) },
  });
  await writeAtomically(
    measuredFile(root, name, version),
    Buffer.from(JSON.stringify({ secondsPerEpoch })),
  );
  await recordTrial(root, identity, { figures, bundle, part });
  await removeCheckpoints(root, key, folds.length);
  return { ...model, figures, trials: (await readTrials(root)).length };
}

/** What a bundle says of an ensemble's members, so that it can be told without its files. */
function membersContent(folds: readonly FoldFit[]): { readonly members?: readonly MemberFacts[] } {
  const members = membersOf(folds);
  return members.length === 0 ? {} : { members };
}

function checkpointOf(root: string, key: string, fold: number): CheckpointFile {
  const file = checkpointFile(root, key, fold);
  return {
    name: file,
    fit: `${key} fold ${fold + 1}`,
    read: () => readIfThere(file),
    write: (bytes) => writeAtomically(file, bytes),
  };
}

async function removeCheckpoints(root: string, key: string, folds: number): Promise<void> {
  for (let i = 0; i < folds; i++) await rm(checkpointFile(root, key, i), { force: true });
}

function checkpointFile(root: string, key: string, fold: number): string {
  return path.join(root, "registry", "checkpoints", `${key}-fold${fold + 1}.safetensors`);
}
