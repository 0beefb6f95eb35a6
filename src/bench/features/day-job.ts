import { MINUTE_US } from "../../core/time.js";
import type { DayBarsJob } from "../../features/day-bars.js";
import { featureDay } from "../../features/feature-days.js";
import { STALE_AFTER_US } from "../../market/order-book.js";
import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";

/** The job that makes the bars of a stored day of trades and book changes, a minute each. */
export async function dayJob(store: Store, day: SymbolDay): Promise<DayBarsJob> {
  const settings = {
    barUs: MINUTE_US,
    staleAfterUs: STALE_AFTER_US,
    bookSource: "incremental_book_L2",
  } as const;
  return (await featureDay(store, day, settings)).job;
}
