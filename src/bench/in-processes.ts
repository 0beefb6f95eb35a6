// Jobs of the native library are done in processes and not in threads, since its threads are no place for more than one.
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { DataError, OptionError, WorkbenchError } from "../core/errors.js";
import type { Answer } from "../core/thread-pool.js";

/** A market of minutes, its matrix and its fits take so much memory at most that more at once are of no use. */
const MOST_PROCESSES = 8;

/** How jobs are done; jobs and results are plain data. */
export interface ProcessPlan<Job, Result> {
  /** Compiled file that calls `serveJobs`; where it is not there, the caller's process does the work. */
  readonly script: string;
  readonly here: (job: Job) => Promise<Result>;
  /** What a process that ended early was at work on. */
  readonly nameOf: (job: Job) => string;
  /** Called as each is done. */
  readonly onDone: (done: number) => void;
}

/**
 * Does jobs, as many at once as there are processors. What comes of one depends on nothing but itself.
 *
 * @param jobs - the longest first, so that none is left over at the end
 * @returns results in the order of the jobs
 * @throws {WorkbenchError} as the work does, or a process ended early
 */
export async function inProcesses<Job extends object, Result>(
  jobs: readonly Job[],
  { script, here, nameOf, onDone }: ProcessPlan<Job, Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  let done = 0;
  const takeJobs = async (work: (job: Job) => Promise<Result>): Promise<void> => {
    for (let at = next++; at < jobs.length; at = next++) {
      results[at] = await work(jobs[at]!);
      onDone(++done);
    }
  };
  if (!existsSync(script)) {
    await takeJobs(here);
    return results;
  }
  const count = Math.min(jobs.length, availableParallelism(), MOST_PROCESSES);
  const children = Array.from({ length: count }, () => startChild(script));
  try {
    await Promise.all(
      children.map((child) => takeJobs((job) => answerOf<Result>(child, job, nameOf(job)))),
    );
  } finally {
    for (const child of children) child.kill();
  }
  return results;
}

function startChild(script: string): ChildProcess {
  // Each process has a processor of its own to count on.
  const env = { ...process.env, TF_NUM_INTRAOP_THREADS: "1", TF_CPP_MIN_LOG_LEVEL: "2" };
  return fork(script, [String(process.pid)], {
    env,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function answerOf<Result>(child: ChildProcess, job: object, name: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void => {
      const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
      reject(new WorkbenchError({ message: `the process of ${name} ended ${how}` }));
    };
    child.once("error", reject);
    child.once("exit", onExit);
    child.once("message", (answer) => {
      child.off("error", reject);
      child.off("exit", onExit);
      const told = answer as Answer<Result>;
      if ("result" in told) resolve(told.result);
      else reject(new (told.exitCode === 2 ? OptionError : DataError)(told.problem));
    });
    child.send(job);
  });
}
