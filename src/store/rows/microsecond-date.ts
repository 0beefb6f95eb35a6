/** A date whose µs below its milliseconds are in a field of their own, as the vendor's client keeps them. */
export type MicrosecondDate = Date & { μs?: number };

/** µs since the epoch; NaN of a date that is none. */
export function microsecondsOf(date: MicrosecondDate): number {
  return date.valueOf() * 1000 + (date.μs ?? 0);
}

/**
 * The date of a time.
 *
 * @param timeUs - whole µs since the epoch
 */
export function microsecondDate(timeUs: number): MicrosecondDate {
  const date: MicrosecondDate = new Date(Math.floor(timeUs / 1000));
  date.μs = timeUs - 1000 * date.valueOf();
  return date;
}
