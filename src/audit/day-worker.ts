// The thread that checks one day of a symbol at a time.
import { type Answer, answered } from "../core/thread-pool.js";
import { openStore } from "../store/store.js";
import { auditDay, type DayAudit } from "./audit-day.js";
import type { DayJob } from "./day-pool.js";

/** Does one job, of the store at `root`; called by the pool. */
export const checkDay: (job: DayJob & { readonly root: string }) => Promise<Answer<DayAudit>> =
  answered(async ({ root, day, types, settings }) => {
    // A store of its own for each day: what another has found intact may have been replaced since.
    const store = await openStore(root, { threads: 1 });
    try {
      return await auditDay(store, day, types, settings);
    } finally {
      await store.close();
    }
  });
