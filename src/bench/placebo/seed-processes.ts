import path from "node:path";
import { inProcesses } from "../in-processes.js";
import { placeboSeed, type SeedFindings, type SeedJob } from "./seed-job.js";

/**
 * Works on markets, as many at once as there are processors.
 *
 * @param jobs - the largest first, so that none is left over at the end
 * @param options.root - project whose `dist/` is run; without one the caller's process does the work
 * @param options.onDone - called as each is done
 * @returns findings in the order of the jobs
 * @throws {WorkbenchError} a market has too few days, or a process ended early
 */
export function workOnSeeds(
  jobs: readonly SeedJob[],
  { root, onDone }: { readonly root: string; readonly onDone: (done: number) => void },
): Promise<readonly SeedFindings[]> {
  return inProcesses(jobs, {
    script: path.join(root, "dist", "bench", "placebo", "seed-child.js"),
    here: placeboSeed,
    nameOf: ({ seed }) => `seed ${seed}`,
    onDone,
  });
}
