// A model as the ledger has it: nothing is fitted.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { readBundle } from "../registry/bundles.js";
import { type Trial, versionOf } from "../registry/trial.js";
import { foldsFromFiles } from "./model-files.js";
import type { TrainingSettings } from "./settings.js";
import { type TrainedModel, trainedModel } from "./trained-model.js";

/**
 * Loads a trial's model from its bundle.
 *
 * @param root - of the store
 * @param trials - number of trials in the ledger
 * @throws {DataError} the bundle is not there, or was changed
 */
export async function loadTrial(root: string, trial: Trial, trials: number): Promise<TrainedModel> {
  const { model: name, key, seed, backend, figures } = trial;
  const version = versionOf(key);
  const { files } = await readBundle(root, name, version, trial.bundle);
  const measured = await readIfThere(measuredFile(root, name, version));
  const { secondsPerEpoch } = JSON.parse(measured?.toString() ?? "{}") as Partial<TrainedModel>;
  return trainedModel(foldsFromFiles(files, `${name}@${version}`), {
    ...{ key, name, version, seed, backend, figures, trials },
    // A trial's key is the hash of these among others, and the ledger's chain holds it.
    settings: trial.settings as unknown as TrainingSettings,
    isLoaded: true,
    secondsPerEpoch: secondsPerEpoch ?? Number.NaN,
  });
}

/** Times are kept beside the bundle, not in it: they differ from run to run. */
export function measuredFile(root: string, name: string, version: string): string {
  return path.join(root, "registry", "models", name, `${version}.measured.json`);
}

/** Bytes of a file; undefined where it is not there. */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
