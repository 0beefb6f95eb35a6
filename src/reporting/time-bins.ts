import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from "../core/time.js";

/** Equal stretches of time, one after the other: bin i covers `startUs + i·binUs` up to the start of the next. */
export interface TimeBins {
  readonly startUs: number;
  readonly binUs: number;
  readonly count: number;
}

/** Lengths that people read easily. */
const LENGTHS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_US),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_US),
  ...[1, 2, 4, 6, 12].map((hours) => hours * HOUR_US),
  DAY_US,
];

/** Most bins that a span is cut into. */
const MOST = 300;

/**
 * Bins of the shortest round length of which at most 300 cover a span; they begin on full multiples of it.
 *
 * @param fromUs - first time, in the first bin
 * @param toUs - last time, in the last bin
 */
export function timeBins(fromUs: number, toUs: number): TimeBins {
  const count = (binUs: number): number =>
    Math.floor(toUs / binUs) - Math.floor(fromUs / binUs) + 1;
  const binUs = LENGTHS.find((length) => count(length) <= MOST) ?? DAY_US;
  return { startUs: binUs * Math.floor(fromUs / binUs), binUs, count: count(binUs) };
}

/** Start of each bin, µs. */
export function binStarts({ startUs, binUs, count }: TimeBins): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => startUs + i * binUs);
}

/** Length of a bin in words: "5 minutes". */
export function binWords({ binUs }: TimeBins): string {
  const units = [
    [DAY_US, "day"],
    [HOUR_US, "hour"],
    [MINUTE_US, "minute"],
    [SECOND_US, "second"],
  ] as const;
  const [unit, name] = units.find(([length]) => binUs % length === 0)!;
  const number = binUs / unit;
  return number === 1 ? `1 ${name}` : `${number} ${name}s`;
}
