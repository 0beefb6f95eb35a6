import { existsSync } from "node:fs";
import path from "node:path";
import { Piscina } from "piscina";
import { DataError } from "../core/errors.js";
import { makeThreadsSafeToEnd } from "../core/worker-threads.js";
import { PARQUET_FILE } from "../store/partition.js";
import { storedColumns, type TickTable } from "../store/tick-table.js";
import { localEncoder } from "./encoder.js";
import { type FileJob, runFileJob } from "./file-job.js";
import type { FileOutcome } from "./file-worker.js";
import { THREAD_LIMITS } from "./thread-limits.js";

/** Threads that turn files into tables. */
export interface FilePool {
  /** Files at work at once. */
  readonly jobs: number;
  /** @throws what `runFileJob` throws */
  readonly run: (job: FileJob) => Promise<TickTable>;
  readonly close: () => Promise<void>;
}

/** No threads: the caller's does the work. The tables are the same to the byte. */
export const callersThread: FilePool = {
  jobs: 1,
  run: async (job) => {
    const file = path.join(job.folder, PARQUET_FILE);
    return runFileJob(job, await localEncoder(file, storedColumns(job.key.type)));
  },
  close: async () => undefined,
};

/** More threads than anybody asks for at once: a pool starts one when a file waits and all others are busy. */
const MOST_THREADS = 99;

/** A thread that has no file for so long ends. Starting one with its encoder takes a tenth of a second of a processor. */
const IDLE_MS = 10_000;

let started: Piscina | undefined;

/** Starts a thread before it is known what for, so that it is up when `openFilePool` gives it the first file. */
export function startFileThread(): void {
  started ??= startThreads();
}

/** Opens a pool; where only the sources are there and no compiled worker, it has no threads. */
export function openFilePool(jobs: number): FilePool {
  const pool = started ?? startThreads();
  started = undefined;
  if (pool === undefined) return callersThread;
  return {
    jobs,
    run: async (job) => {
      const outcome = (await pool.run(job)) as FileOutcome;
      if ("problem" in outcome) throw new DataError(outcome.problem);
      return outcome.table;
    },
    close: () => pool.destroy(),
  };
}

function startThreads(): Piscina | undefined {
  const worker = path.join(__dirname, "file-worker.js");
  if (!existsSync(worker)) return undefined;
  makeThreadsSafeToEnd();
  return new Piscina({
    filename: worker,
    name: "readFile",
    minThreads: 1,
    maxThreads: MOST_THREADS,
    idleTimeout: IDLE_MS,
    resourceLimits: THREAD_LIMITS,
  });
}
