// How long does a day's replay take?
import { z } from "zod";
import type { DataType } from "../../store/tables.js";
import { readCached, writeCached } from "../cached-json.js";
import type { ReplayedPartition } from "./ingest-replay.js";

/** Days of one symbol and type, and how long they took. */
interface MeasuredDays {
  readonly days: number;
  readonly seconds: number;
}

/** When so many days were measured, older runs count half: machines and lines change. */
const REMEMBERED_DAYS = 100;

const FILE = "replay-speed.json";
const MEASURED = z.object({ days: z.number().positive(), seconds: z.number().positive() });
/** By source and type. */
const SPEEDS = z.record(z.string(), z.record(z.string(), MEASURED));

/** What one run measures. */
export interface ReplayMeter {
  /** Tells that a day has been dealt with, after the one before. */
  readonly dayDone: (day: ReplayedPartition) => void;
  /** Days that were replayed so far, by type. */
  readonly measured: () => Readonly<Record<string, MeasuredDays>>;
}

/**
 * Seconds that a day of one symbol took in earlier runs on this machine, by type; nothing of types that none has replayed.
 *
 * @param folder - the cache
 * @param source - its name
 */
export function secondsADay(
  folder: string,
  source: string,
): Readonly<Partial<Record<DataType, number>>> {
  const measured = Object.entries(readCached(folder, FILE, SPEEDS)?.[source] ?? {});
  return Object.fromEntries(measured.map(([type, { days, seconds }]) => [type, seconds / days]));
}

/** Adds what a run has measured to the cache. */
export function recordReplay(
  folder: string,
  source: string,
  measured: ReturnType<ReplayMeter["measured"]>,
): void {
  const all = readCached(folder, FILE, SPEEDS) ?? {};
  const types = { ...all[source] };
  for (const [type, now] of Object.entries(measured)) types[type] = merge(types[type], now);
  if (Object.keys(measured).length > 0) writeCached(folder, FILE, { ...all, [source]: types });
}

/**
 * Times the days of a run, which come one after another.
 *
 * @param nowSeconds - a clock that never goes back
 */
export function replayMeter(
  nowSeconds: () => number = () => performance.now() / 1000,
): ReplayMeter {
  const measured: Record<string, MeasuredDays> = {};
  let since = nowSeconds();
  return {
    dayDone: ({ type, status }) => {
      const now = nowSeconds();
      // What was kept took no replay, and what failed may have ended anywhere.
      if (status === "written")
        measured[type] = merge(measured[type], { days: 1, seconds: now - since });
      since = now;
    },
    measured: () => measured,
  };
}

function merge(before: MeasuredDays | undefined, now: MeasuredDays): MeasuredDays {
  const weight = before === undefined ? 0 : before.days > REMEMBERED_DAYS ? 0.5 : 1;
  return {
    days: weight * (before?.days ?? 0) + now.days,
    seconds: weight * (before?.seconds ?? 0) + now.seconds,
  };
}
