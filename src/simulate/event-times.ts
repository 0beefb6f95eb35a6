import type { Random } from "../core/random.js";
import { MINUTE_US, SECOND_US } from "../core/time.js";

/** Events keep this far from a minute's start and end, so that arrival and exchange time fall into one minute. */
const FIRST_US = 60_000;
const LAST_US: number = MINUTE_US - 5_000;
const CENTERS = 6;
const CLUSTERED_SHARE = 0.55;

/**
 * Arrival times within a minute that come in clusters: some spread evenly, the others just after one of a few moments.
 *
 * @returns a function that draws one offset in whole µs, inside the minute and off its ends
 */
export function clusteredOffsets(random: Random): () => number {
  const centers = Array.from({ length: CENTERS }, () => evenOffset(random));
  return () => {
    if (random.uniform() >= CLUSTERED_SHARE) return evenOffset(random);
    const lag = 0.35 * SECOND_US * random.exponential();
    const offset = Math.floor(centers[random.below(CENTERS)]! + lag);
    return offset < LAST_US ? offset : evenOffset(random);
  };
}

function evenOffset(random: Random): number {
  return FIRST_US + random.below(LAST_US - FIRST_US);
}
