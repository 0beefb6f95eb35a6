// Markets are worked on in processes and not in threads, since the native library's are no place for more than one.
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { DataError, OptionError, WorkbenchError } from "../../core/errors.js";
import type { SeedAnswer } from "./seed-child.js";
import { placeboSeed, type SeedFindings, type SeedJob } from "./seed-job.js";

/** A market of minutes, its matrix and its fits take so much memory at most that more at once are of no use. */
const MOST_PROCESSES = 8;

/**
 * Works on markets, as many at once as there are processors. What comes of one depends on nothing but its job.
 *
 * @param jobs - the largest first, so that none is left over at the end
 * @param options.root - project whose `dist/` is run; without one the caller's process does the work
 * @param options.onDone - called as each is done
 * @returns findings in the order of the jobs
 * @throws {WorkbenchError} a market has too few days, or a process ended early
 */
export async function workOnSeeds(
  jobs: readonly SeedJob[],
  { root, onDone }: { readonly root: string; readonly onDone: (done: number) => void },
): Promise<readonly SeedFindings[]> {
  const script = path.join(root, "dist", "bench", "placebo", "seed-child.js");
  const findings: SeedFindings[] = [];
  let next = 0;
  let done = 0;
  const takeJobs = async (work: (job: SeedJob) => Promise<SeedFindings>): Promise<void> => {
    for (let at = next++; at < jobs.length; at = next++) {
      findings[at] = await work(jobs[at]!);
      onDone(++done);
    }
  };
  if (!existsSync(script)) {
    await takeJobs(placeboSeed);
    return findings;
  }
  const count = Math.min(jobs.length, availableParallelism(), MOST_PROCESSES);
  const children = Array.from({ length: count }, () => startChild(script));
  try {
    await Promise.all(children.map((child) => takeJobs((job) => answerOf(child, job))));
  } finally {
    for (const child of children) child.kill();
  }
  return findings;
}

function startChild(script: string): ChildProcess {
  // Each process has a processor of its own to count on.
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: "1", TF_CPP_MIN_LOG_LEVEL: "2" };
  return fork(script, [String(process.pid)], {
    env,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function answerOf(child: ChildProcess, job: SeedJob): Promise<SeedFindings> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void => {
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      reject(new WorkbenchError({ message: `the process of seed ${job.seed} ended ${how}` }));
    };
    child.once("error", reject);
    child.once("exit", onExit);
    child.once("message", (answer) => {
      child.off("error", reject);
      child.off("exit", onExit);
      const told = answer as SeedAnswer;
      if ("result" in told) resolve(told.result);
      else reject(new (told.exitCode === 2 ? OptionError : DataError)(told.problem));
    });
    child.send(job);
  });
}
