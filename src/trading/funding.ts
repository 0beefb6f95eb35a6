import { HOUR_US } from "../core/time.js";
import type { Costs } from "./costs.js";

/** Times at which longs pay shorts, ascending, and the share of a position's value that they pay; below 0 shorts pay. */
export interface Funding {
  readonly timeUs: Float64Array;
  readonly rate: Float64Array;
}

/** From one funding time to the next; the first of a day is midnight, UTC. */
const FUNDING_INTERVAL_US: number = 8 * HOUR_US;

/** Where positions pay none. */
export const NO_FUNDING: Funding = { timeUs: new Float64Array(0), rate: new Float64Array(0) };

/**
 * Funding at one rate at 00:00, 08:00 and 16:00 UTC.
 *
 * @param fromUs - times after this
 * @param toUs - up to this
 */
export function scheduledFunding(fromUs: number, toUs: number, rate: number): Funding {
  const first = Math.floor(fromUs / FUNDING_INTERVAL_US) + 1;
  const last = Math.floor(toUs / FUNDING_INTERVAL_US);
  const timeUs = Float64Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, i) => (first + i) * FUNDING_INTERVAL_US,
  );
  return { timeUs, rate: new Float64Array(timeUs.length).fill(rate) };
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
