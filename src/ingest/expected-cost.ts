import { cacheFolder } from "../core/cache.js";
import type { Store } from "../store/store.js";
import { defaultJobs } from "./jobs-at-once.js";
import { readSpeeds } from "./measured-speed.js";
import type { PlannedFile } from "./plan.js";
import { freeBytes, type RunCost, runCost } from "./run-cost.js";
import type { Source } from "./source.js";

/**
 * What it takes to bring the files of a plan into a store on this machine: bytes, disk beside what is free, and time at
 * the speed that earlier runs have measured.
 *
 * @param files - of `planIngest`
 * @param options.jobs - files in work at once; as `ingest` takes them by default
 */
export async function expectedCost(
  store: Store,
  source: Source,
  files: readonly PlannedFile[],
  { jobs = defaultJobs() }: { readonly jobs?: number } = {},
): Promise<RunCost> {
  const speeds = readSpeeds(cacheFolder(process.env));
  return runCost(files, { source, jobs, speeds, freeBytes: await freeBytes(store.root) });
}
