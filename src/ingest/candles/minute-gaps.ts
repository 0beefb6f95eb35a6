// Which minutes of a day have no candle, and is one missing or was nothing traded?

import { DAY_US, MINUTE_US } from "../../core/time.js";

/** Minutes in a day. */
export const DAY_MINUTES: number = DAY_US / MINUTE_US;

/** A run of minutes without a candle: the first, counted from the day's start, and how many. */
export type MinuteRun = readonly [first: number, minutes: number];

/** `missing`: there were trades; `no trade`: there were none; `unknown`: no trades are at hand to tell. */
export type GapKind = "missing" | "no trade" | "unknown";

/** A run of minutes of one kind. */
export interface KnownRun {
  readonly run: MinuteRun;
  readonly kind: GapKind;
}

/**
 * Trades at hand say of a minute without any that nothing was traded, unless there is none for so long around it that the
 * recording may not reach it.
 */
const REACH_MINUTES = 60;

/**
 * Minutes of a day that no candle has.
 *
 * @param barStartUs - starts of the day's candles, in time order
 * @param dayStartUs - µs since the epoch
 * @returns runs in order, none touching the next; one of the whole day when there is no candle
 */
export function minuteGaps(barStartUs: Float64Array, dayStartUs: number): readonly MinuteRun[] {
  const runs: MinuteRun[] = [];
  let next = 0;
  for (const startUs of [...barStartUs, dayStartUs + DAY_US]) {
    const minute = (startUs - dayStartUs) / MINUTE_US;
    if (minute > next) runs.push([next, minute - next]);
    next = minute + 1;
  }
  return runs;
}

/**
 * Says of each gap what it is, and cuts it where that changes.
 *
 * @param traded - 1 for each minute of the day that had trades; undefined when no trades are at hand
 */
export function knowGaps(
  runs: readonly MinuteRun[],
  traded: Uint8Array | undefined,
): readonly KnownRun[] {
  if (traded === undefined) return runs.map((run) => ({ run, kind: "unknown" }));
  const quietMinutes = distanceToTrade(traded);
  const known: KnownRun[] = [];
  for (const [first, minutes] of runs) {
    let start = first;
    for (let minute = first; minute < first + minutes; minute++) {
      const kind = kindOf(quietMinutes[minute]!);
      const isLast = minute + 1 === first + minutes;
      if (!isLast && kindOf(quietMinutes[minute + 1]!) === kind) continue;
      known.push({ run: [start, minute + 1 - start], kind });
      start = minute + 1;
    }
  }
  return known;
}

function kindOf(quietMinutes: number): GapKind {
  if (quietMinutes === 0) return "missing";
  return quietMinutes <= REACH_MINUTES ? "no trade" : "unknown";
}

/** Minutes from each minute to the nearest that had trades, before or after it. */
function distanceToTrade(traded: Uint8Array): Float64Array {
  const distance = new Float64Array(traded.length).fill(Number.POSITIVE_INFINITY);
  for (let i = 0, since = Number.POSITIVE_INFINITY; i < traded.length; i++) {
    since = traded[i] === 1 ? 0 : since + 1;
    distance[i] = since;
  }
  for (let i = traded.length - 1, until = Number.POSITIVE_INFINITY; i >= 0; i--) {
    until = traded[i] === 1 ? 0 : until + 1;
    distance[i] = Math.min(distance[i]!, until);
  }
  return distance;
}
