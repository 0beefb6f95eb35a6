// What are days worth, several of them at once?
import Bottleneck from "bottleneck";
import type { AuditedType } from "../store/audited-types.js";
import type { Store } from "../store/store.js";
import type { DayAudit } from "./audit-day.js";
import { damagedDay } from "./damaged-day.js";
import { type DayPool, openDayPool } from "./day-pool.js";
import { keptOrNew } from "./kept-or-new.js";
import type { AuditSettings } from "./settings.js";

/** A day of a symbol, and the types that it is expected to have; none where the store has nothing of it. */
export interface AskedDay {
  readonly symbol: string;
  readonly date: string;
  readonly types: readonly AuditedType[] | undefined;
}

/** A day and what it is worth; undefined when the store has nothing of it. */
export interface JudgedDay extends AskedDay {
  readonly audited: DayAudit | undefined;
}

/** How days are judged. */
interface Judging {
  readonly settings: AuditSettings;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Judges days in the order in which they are asked for, as many at once as the machine bears; a day that cannot be read stops
 * none of the others.
 *
 * @throws {DataError} a partition is replaced again and again, or stored verdicts are of another version of the store
 */
export async function judgeDays(
  store: Store,
  exchange: string,
  asked: readonly AskedDay[],
  { settings, onProgress }: Judging,
): Promise<readonly JudgedDay[]> {
  const isStored = ({ types }: AskedDay): boolean => types !== undefined;
  const pool = openDayPool(store, asked.filter(isStored).length);
  const limiter = new Bottleneck({ maxConcurrent: pool.jobs });
  let done = 0;
  const work = async (day: AskedDay): Promise<JudgedDay> => {
    const audited = await judged(store, exchange, day, { settings, pool });
    onProgress?.(++done, asked.length);
    return { ...day, audited };
  };
  try {
    return await Promise.all(
      asked.map((day) => (isStored(day) ? limiter.schedule(work, day) : work(day))),
    );
  } catch (error) {
    await limiter.stop({ dropWaitingJobs: true });
    throw error;
  } finally {
    await pool.close();
  }
}

/** A day's verdicts, or what keeps it from having any. */
async function judged(
  store: Store,
  exchange: string,
  { symbol, date, types }: AskedDay,
  { settings, pool }: { readonly settings: AuditSettings; readonly pool: DayPool },
): Promise<DayAudit | undefined> {
  if (types === undefined) return undefined;
  const key = { exchange, symbol, date };
  try {
    return await keptOrNew(store, key, types, settings, pool.run);
  } catch (error) {
    const finding = damagedDay(key, error);
    if (finding === undefined) throw error;
    return { findings: [finding], hours: [] };
  }
}
