import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { isMainThread } from "node:worker_threads";
import { Piscina } from "piscina";
import { DataError, OptionError } from "../core/errors.js";
import { memoryBytes } from "../core/memory.js";
import { makeThreadsSafeToEnd } from "../core/worker-threads.js";
import type { AuditedType } from "../store/audited-types.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { auditDay, type DayAudit } from "./audit-day.js";
import type { DayJob, DayOutcome } from "./day-worker.js";
import type { AuditSettings } from "./settings.js";

/** Fewer days are checked before threads for them would be up. */
const LEAST_DAYS = 3;

/** More than any disk feeds. */
const MOST_THREADS = 8;

/** What a day may hold in memory, of which all threads together take no more than a quarter of the machine's. */
const DAY_BYTES = 512 << 20;

/** Who checks days. */
export interface DayPool {
  /** Days at work at once. */
  readonly jobs: number;
  /** @throws {DataError} a partition is damaged */
  readonly check: (
    store: Store,
    day: SymbolDay,
    types: readonly AuditedType[],
    settings: AuditSettings,
  ) => Promise<DayAudit>;
  readonly close: () => Promise<void>;
}

/** No threads: the caller's does the work. The verdicts are the same. */
export const callersThread: DayPool = {
  jobs: 1,
  check: auditDay,
  close: async () => undefined,
};

/**
 * Opens a pool whose threads start with the first day to check. Where there are few days or processors, or only the sources
 * and no compiled worker, and within a thread, it has none.
 *
 * @param days - days that may have to be checked
 */
export function openDayPool(days: number): DayPool {
  const worker = path.join(__dirname, "day-worker.js");
  const jobs = Math.min(days, jobsAtOnce());
  if (days < LEAST_DAYS || jobs < 2 || !isMainThread || !existsSync(worker)) return callersThread;
  let pool: Piscina | undefined;
  return {
    jobs,
    check: async ({ root }, day, types, settings) => {
      pool ??= startThreads(worker, jobs);
      const job: DayJob = { root, day, types, settings };
      const outcome = (await pool.run(job)) as DayOutcome;
      if ("audited" in outcome) return outcome.audited;
      throw new (outcome.exitCode === 2 ? OptionError : DataError)(outcome.problem);
    },
    close: async () => pool?.destroy(),
  };
}

function startThreads(filename: string, threads: number): Piscina {
  makeThreadsSafeToEnd();
  return new Piscina({ filename, name: "checkDay", minThreads: threads, maxThreads: threads });
}

function jobsAtOnce(): number {
  const byMemory = Math.floor(memoryBytes() / 4 / DAY_BYTES);
  return Math.min(availableParallelism(), MOST_THREADS, byMemory);
}
