// The thread that makes the bars of one day at a time.
import { type Answer, answered } from "../core/thread-pool.js";
import { openStore } from "../store/store.js";
import { type DayBarsJob, type LoneDayBars, loneDayBars } from "./day-bars.js";

/** Does one job, of the store at `root`; called by the pool. */
export const makeBars: (
  job: DayBarsJob & { readonly root: string },
) => Promise<Answer<LoneDayBars>> = answered(async ({ root, ...job }) => {
  // A store of its own for each day: what another has found intact may have been replaced since.
  const store = await openStore(root, { threads: 1 });
  try {
    return await loneDayBars(store, job);
  } finally {
    await store.close();
  }
});
