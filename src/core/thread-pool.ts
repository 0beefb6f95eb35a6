// Where independent jobs run: in threads of a compiled worker, or in the caller's where that is better.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { isMainThread } from "node:worker_threads";
import { Piscina } from "piscina";
import { DataError, type ErrorPlace, OptionError, WorkbenchError } from "./errors.js";
import { memoryBytes } from "./memory.js";
import { makeThreadsSafeToEnd } from "./worker-threads.js";

/** Fewer jobs are done before threads for them would be up. */
const LEAST_JOBS = 3;

/** More than any disk feeds. */
const MOST_THREADS = 8;

/** Does jobs, several at once. */
export interface ThreadPool<Job, Result> {
  /** Jobs at work at once; 1 where the caller's thread does the work. */
  readonly jobs: number;
  readonly run: (job: Job) => Promise<Result>;
  readonly close: () => Promise<void>;
}

/** How the jobs are done. */
export interface ThreadPlan<Job, Result> {
  /** Compiled file of the worker, and the function that it exports, whose answers `answered` made. */
  readonly worker: string;
  readonly name: string;
  /** Jobs that may come at most. */
  readonly most: number;
  /** Memory that a job may take, bytes: all threads together get a quarter of the machine's. */
  readonly bytes: number;
  /** Threads at most, in place of as many as there are processors. */
  readonly threads?: number;
  /** Does a job in the caller's thread. */
  readonly here: (job: Job) => Promise<Result>;
}

/** What a worker answers; errors of the workbench lose what they are on the way between threads. */
export type Answer<Result> =
  | { readonly result: Result }
  | { readonly problem: ErrorPlace; readonly exitCode: 1 | 2 };

/** Wraps a worker's work, so that its errors arrive as what they are. */
export function answered<Job, Result>(
  work: (job: Job) => Promise<Result>,
): (job: Job) => Promise<Answer<Result>> {
  return async (job) => {
    try {
      return { result: await work(job) };
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      return { problem: error.place, exitCode: error.exitCode };
    }
  };
}

/**
 * Opens a pool whose threads start with the first job. Where there are few jobs or processors, or only the sources and no
 * compiled worker, and within a thread, the caller's thread does the work; the results are the same.
 */
export function openThreadPool<Job, Result>(
  plan: ThreadPlan<Job, Result>,
): ThreadPool<Job, Result> {
  const { worker, name, most, here } = plan;
  const jobs = Math.min(most, jobsAtOnce(plan));
  if (most < LEAST_JOBS || jobs < 2 || !isMainThread || !existsSync(worker)) {
    return { jobs: 1, run: here, close: async () => undefined };
  }
  let pool: Piscina | undefined;
  return {
    jobs,
    run: async (job) => {
      pool ??= startThreads(worker, name, jobs);
      const answer = (await pool.run(job)) as Answer<Result>;
      if ("result" in answer) return answer.result;
      throw new (answer.exitCode === 2 ? OptionError : DataError)(answer.problem);
    },
    close: async () => pool?.destroy(),
  };
}

function startThreads(filename: string, name: string, threads: number): Piscina {
  makeThreadsSafeToEnd();
  return new Piscina({ filename, name, minThreads: threads, maxThreads: threads });
}

function jobsAtOnce({
  bytes,
  threads = availableParallelism(),
}: {
  readonly bytes: number;
  readonly threads?: number;
}): number {
  return Math.min(threads, MOST_THREADS, Math.floor(memoryBytes() / 4 / bytes));
}
