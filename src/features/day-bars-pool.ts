import path from "node:path";
import { openThreadPool, type ThreadPool } from "../core/thread-pool.js";
import type { Store } from "../store/store.js";
import { type DayBarsJob, type LoneDayBars, loneDayBars } from "./day-bars.js";

/** What a day at work may hold in memory: batches of its events, its book and its bars. */
const DAY_BYTES = 256 << 20;

/** Who makes bars of days. */
export type DayBarsPool = ThreadPool<DayBarsJob, LoneDayBars>;

/**
 * Opens a pool.
 *
 * @param days - days that may have to be worked on
 * @param options.threads - days at once, in place of as many as the machine bears
 */
export function openDayBarsPool(
  store: Store,
  days: number,
  { threads }: { readonly threads?: number } = {},
): DayBarsPool {
  const pool = openThreadPool<DayBarsJob & { readonly root: string }, LoneDayBars>({
    worker: path.join(__dirname, "day-bars-worker.js"),
    name: "makeBars",
    most: days,
    bytes: DAY_BYTES,
    ...(threads === undefined ? {} : { threads }),
    here: (job) => loneDayBars(store, job),
  });
  return { ...pool, run: (job) => pool.run({ ...job, root: store.root }) };
}
