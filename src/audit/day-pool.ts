import path from "node:path";
import { openThreadPool, type ThreadPool } from "../core/thread-pool.js";
import type { AuditedType } from "../store/audited-types.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { auditDay, type DayAudit } from "./audit-day.js";
import type { AuditSettings } from "./settings.js";

/** What a day may hold in memory. */
const DAY_BYTES = 512 << 20;

/** A day to check; plain data, so that it can be sent to a thread. */
export interface DayJob {
  readonly day: SymbolDay;
  readonly types: readonly AuditedType[];
  readonly settings: AuditSettings;
}

/** Who checks days; a damaged partition is a DataError. */
export type DayPool = ThreadPool<DayJob, DayAudit>;

/**
 * Opens a pool.
 *
 * @param days - days that may have to be checked
 */
export function openDayPool(store: Store, days: number): DayPool {
  const here = ({ day, types, settings }: DayJob): Promise<DayAudit> =>
    auditDay(store, day, types, settings);
  const worker = path.join(__dirname, "day-worker.js");
  const pool = openThreadPool<DayJob & { readonly root: string }, DayAudit>({
    worker,
    name: "checkDay",
    most: days,
    bytes: DAY_BYTES,
    here,
  });
  return { ...pool, run: (job) => pool.run({ ...job, root: store.root }) };
}
