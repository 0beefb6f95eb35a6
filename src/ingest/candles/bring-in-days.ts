import Bottleneck from "bottleneck";
import { DataError } from "../../core/errors.js";
import { dayStartUs } from "../../core/time.js";
import { type CandleKey, candleFolder } from "../../store/candle-table.js";
import type { Store } from "../../store/store.js";
import { isDayOver } from "./candle-fault.js";
import { candleGaps } from "./candle-gaps.js";
import type { CandleDay, CandleOptions, CandleRun } from "./candle-run.js";
import { type CheckedDay, countReasons } from "./checked-day.js";
import { DAY_MINUTES, type MinuteRun } from "./minute-gaps.js";
import { type StoredCandles, storeCandles, storedCandles } from "./stored-candles.js";

/** Days in work at once. */
const DAYS_AT_ONCE = 4;

/** Where days come from. */
export interface DaySource {
  /** A day's candles; undefined when the source has no row of it. */
  readonly obtain: (key: CandleKey) => Promise<CheckedDay | undefined>;
  /** Whether a stored day is what the source would give. */
  readonly isCurrent: (stored: StoredCandles) => boolean;
}

/** How days are brought in. */
interface DayWork {
  readonly source: DaySource;
  readonly options: CandleOptions & { readonly nowUs: number };
}

/** A day and what it lacks; undefined when that is not known. */
interface Outcome {
  readonly day: CandleDay;
  readonly gaps?: readonly MinuteRun[];
}

/**
 * Brings days of candles into the store: what is missing, damaged or not the source's is obtained, checked and committed;
 * a day that fails stops none of the others.
 *
 * @param keys - by symbol, days in order
 * @throws {OptionError} a name or day is not one, or the store cannot be written to
 * @throws {DataError} trades that gaps are compared with are damaged
 */
export async function bringInDays(
  store: Store,
  keys: readonly CandleKey[],
  { source, options }: DayWork,
): Promise<Omit<CandleRun, "rejectedRows">> {
  keys.forEach(candleFolder);
  await store.sweep();
  const limiter = new Bottleneck({ maxConcurrent: DAYS_AT_ONCE });
  let done = 0;
  const work = async (key: CandleKey): Promise<Outcome> => {
    const outcome = await bringIn(store, key, { source, options });
    options.onProgress?.(++done, keys.length);
    return outcome;
  };
  let outcomes: readonly Outcome[];
  try {
    outcomes = await Promise.all(keys.map((key) => limiter.schedule(work, key)));
  } catch (error) {
    await limiter.stop({ dropWaitingJobs: true });
    throw error;
  }
  const known = outcomes.flatMap(({ day, gaps }) =>
    gaps === undefined ? [] : [{ key: day, gaps }],
  );
  return {
    rows: outcomes.reduce((sum, { day }) => sum + day.rows, 0),
    gaps: await candleGaps(store, known),
    partitions: outcomes.map(({ day }) => day),
  };
}

async function bringIn(
  store: Store,
  key: CandleKey,
  { source, options }: DayWork,
): Promise<Outcome> {
  const { nowUs, verify = false, maxRejectedShare = 0.001 } = options;
  if (!isDayOver(dayStartUs(key.date), nowUs)) return nothing(key, "unfinished");
  try {
    const { kept: stored, damage } = await storedCandles(store, key, { verify });
    if (stored !== undefined && source.isCurrent(stored)) return there(key, "kept", stored);
    const day = await source.obtain(key);
    if (day === undefined || isEmpty(day)) {
      if (stored !== undefined) return there(key, "kept", stored);
      if (damage !== undefined) throw damage;
      return { ...nothing(key, "absent"), gaps: [[0, DAY_MINUTES]] };
    }
    requireFewRejected(key, day, maxRejectedShare);
    return there(key, "written", await storeCandles(store, key, day));
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { day } = nothing(key, "failed");
    return { day: { ...day, reason: error.message } };
  }
}

function isEmpty({ candles, rejected }: CheckedDay): boolean {
  return candles.barStartUs.length === 0 && rejected.length === 0;
}

function requireFewRejected(key: CandleKey, day: CheckedDay, maxRejectedShare: number): void {
  const rejected = day.rejected.length;
  const rows = day.candles.barStartUs.length + rejected;
  if (rejected <= maxRejectedShare * rows) return;
  const reasons = Object.entries(countReasons(day)).sort(([, a], [, b]) => b - a);
  throw new DataError({
    file: `${key.symbol} ${key.date}`,
    message: `${rejected} of ${rows} rows were rejected, most for "${reasons[0]![0]}"`,
    fix: "mend the source, or allow more with --max-rejected-share",
  });
}

function there(key: CandleKey, status: "kept" | "written", stored: StoredCandles): Outcome {
  const { rows, rejected, sha256, gaps } = stored;
  return { day: { ...key, type: "candles", status, rows, rejected, sha256 }, gaps };
}

function nothing(key: CandleKey, status: CandleDay["status"]): Outcome {
  return { day: { ...key, type: "candles", status, rows: 0, rejected: 0, sha256: null } };
}
