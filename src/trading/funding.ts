import { quantile } from "../core/statistics.js";
import { HOUR_US } from "../core/time.js";
import type { Costs } from "./costs.js";

/** Times at which longs pay shorts, ascending, and the share of a position's value that they pay; below 0 shorts pay. */
export interface Funding {
  readonly timeUs: Float64Array;
  readonly rate: Float64Array;
}

/** From one funding time to the next at most venues; the first of a day is midnight, UTC. A default rate is for so long. */
export const FUNDING_INTERVAL_US: number = 8 * HOUR_US;

/** Known times from which on their distances tell a venue's own interval. */
const TELLING_TIMES = 4;

/** Where positions pay none. */
export const NO_FUNDING: Funding = { timeUs: new Float64Array(0), rate: new Float64Array(0) };

/**
 * The schedule's funding times: 00:00, 08:00 and 16:00 UTC.
 *
 * @param fromUs - times after this
 * @param toUs - up to this
 * @returns ascending
 */
export function scheduledFundingTimes(fromUs: number, toUs: number): Float64Array {
  const first = Math.floor(fromUs / FUNDING_INTERVAL_US) + 1;
  const last = Math.floor(toUs / FUNDING_INTERVAL_US);
  return Float64Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, i) => (first + i) * FUNDING_INTERVAL_US,
  );
}

/**
 * Funding that a position pays while it is held, at the preset's own rate, bps of its value; below 0 where it receives some.
 *
 * @param side - 1 for a long position, −1 for a short one
 * @param fromUs - held from after this
 * @param toUs - up to this
 */
export function expectedFundingBps(
  { defaultFundingRate = 0 }: Pick<Costs, "defaultFundingRate">,
  side: number,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): number {
  const times = Math.floor(toUs / FUNDING_INTERVAL_US) - Math.floor(fromUs / FUNDING_INTERVAL_US);
  return 1e4 * side * defaultFundingRate * times;
}

/**
 * From one funding time of a venue to the next, µs: the median distance of those that are known, in whole hours, or eight hours
 * where fewer than four are. It is never more than eight hours, since distances are long too where known times are sparse.
 *
 * @param knownUs - ascending
 */
export function fundingIntervalUs(knownUs: Float64Array): number {
  if (knownUs.length < TELLING_TIMES) return FUNDING_INTERVAL_US;
  const distances = knownUs.subarray(1).map((time, i) => time - knownUs[i]!);
  const wholeUs = HOUR_US * Math.round(quantile(distances, 0.5) / HOUR_US);
  return Math.min(FUNDING_INTERVAL_US, Math.max(HOUR_US, wholeUs));
}

/**
 * Times at which funding is due though nothing was said of them: as far apart as the venue's own, from one known time to the next,
 * back from the first and on from the last, so that they fall on the venue's own hours; those of the usual schedule where no
 * time is known.
 *
 * @param knownUs - ascending
 * @param span.fromUs - times after this
 * @param span.toUs - up to this
 * @returns ascending; none within half an interval before a known time, which is then the one that was due
 */
export function missingFunding(
  knownUs: Float64Array,
  { fromUs, toUs }: { readonly fromUs: number; readonly toUs: number },
): Float64Array {
  const [first] = knownUs;
  if (first === undefined) return scheduledFundingTimes(fromUs, toUs);
  const stepUs = fundingIntervalUs(knownUs);
  const times: number[] = [];
  for (let time = first - stepUs; time > fromUs; time -= stepUs) times.push(time);
  knownUs.forEach((known, i) => {
    const endUs = Math.min(toUs, (knownUs[i + 1] ?? Number.POSITIVE_INFINITY) - stepUs / 2);
    for (let time = known + stepUs; time <= endUs; time += stepUs) times.push(time);
  });
  return Float64Array.from(times)
    .filter((time) => time > fromUs && time <= toUs)
    .sort();
}
