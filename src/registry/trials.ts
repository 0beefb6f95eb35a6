// How many configurations have been tried? Every fit is an entry of one chained ledger that nothing is taken from.

import { canonicalJson } from "../core/content-hash.js";
import { DataError } from "../core/errors.js";
import { bundleFolder } from "./bundles.js";
import { addEntry, readLedger } from "./ledger.js";
import {
  modelName,
  type Trial,
  type TrialIdentity,
  type TrialResult,
  trialKey,
  versionOf,
} from "./trial.js";
import { markRecorded } from "./unrecorded.js";

/**
 * All trials in the order they were recorded, the whole ledger checked.
 *
 * @param root - of the store
 * @throws {DataError} the ledger does not hold what was written; names its line
 */
export async function readTrials(root: string): Promise<readonly Trial[]> {
  return [...(await readLedger(root)).state.trials.values()];
}

/**
 * Records a trial. One that is there already stays as it is and makes no new entry.
 *
 * @returns the entry, new or old
 * @throws {DataError} the same trial was recorded with other results, or the ledger does not hold what was written
 */
export async function recordTrial(
  root: string,
  identity: TrialIdentity,
  { figures, bundle, part = "" }: TrialResult,
): Promise<Trial> {
  const key = trialKey(identity);
  const { model, data, code, settings, seed, backend } = identity;
  const fit = { key, model, data, code, settings, seed, backend, figures, bundle, part };
  const trial = await addEntry<Trial>(root, async ({ state, file }) => {
    const known = state.trials.get(key);
    return known === undefined
      ? { kind: "trial", ...fit }
      : requireSame(known, { figures, bundle }, file);
  });
  await markRecorded(bundleFolder(root, model, versionOf(key)));
  return trial;
}

function requireSame(
  known: Trial,
  { figures, bundle }: Pick<Trial, "figures" | "bundle">,
  file: string,
): Trial {
  if (canonicalJson(known.figures) === canonicalJson(figures) && known.bundle === bundle)
    return known;
  throw new DataError({
    file,
    row: known.number,
    message: `trial ${modelName(known)} was recorded with ${canonicalJson(known.figures)}, and the same data, code, settings and seed now gave ${canonicalJson(figures)}`,
    fix: "find what the fit depends on besides these; a recorded trial is never changed",
  });
}
