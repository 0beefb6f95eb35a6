// A model as the ledger has it: nothing is fitted.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { DataError, OptionError } from "../core/errors.js";
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
 * @throws {DataError} the bundle is not there, or was changed, or the times beside it cannot be read
 */
export async function loadTrial(root: string, trial: Trial, trials: number): Promise<TrainedModel> {
  const { model: name, key, seed, backend, figures } = trial;
  const version = versionOf(key);
  const { files } = await readBundle(root, name, version, trial.bundle);
  const secondsPerEpoch = await measuredSeconds(measuredFile(root, name, version));
  return trainedModel(foldsFromFiles(files, `${name}@${version}`), {
    ...{ key, name, version, seed, backend, figures, trials },
    // A trial's key is the hash of these among others, and the ledger's chain holds it.
    settings: trial.settings as unknown as TrainingSettings,
    isLoaded: true,
    secondsPerEpoch,
  });
}

/** Times are kept beside the bundle, not in it: they differ from run to run. */
export function measuredFile(root: string, name: string, version: string): string {
  return path.join(root, "registry", "models", name, `${version}.measured.json`);
}

async function measuredSeconds(file: string): Promise<number> {
  const bytes = await readIfThere(file);
  if (bytes === undefined) return Number.NaN;
  const seconds = secondsIn(bytes.toString());
  if (seconds !== undefined) return seconds;
  throw new DataError({
    file,
    message: 'was expected to hold {"secondsPerEpoch": number}',
    fix: "delete it: only the seconds per epoch are lost",
  });
}

/** NaN for a null, which a model without epochs has; undefined where the text does not say. */
function secondsIn(text: string): number | undefined {
  try {
    const { secondsPerEpoch } = JSON.parse(text) as { readonly secondsPerEpoch?: unknown };
    if (secondsPerEpoch === null) return Number.NaN;
    return typeof secondsPerEpoch === "number" ? secondsPerEpoch : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Bytes of a file; undefined where it is not there.
 *
 * @throws {OptionError} a folder lies in its place
 */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code !== "EISDIR") throw error;
    throw new OptionError({ file, message: "is a folder, expected a file", fix: "take it away" });
  }
}
