import { OptionError } from "./errors.js";

/** Microseconds in a second, minute, hour and day. */
export const SECOND_US = 1e6;
export const MINUTE_US: number = 60 * SECOND_US;
export const HOUR_US: number = 60 * MINUTE_US;
export const DAY_US: number = 24 * HOUR_US;

/**
 * Start of a UTC day.
 *
 * @param date - `yyyy-mm-dd`
 * @param name - the option it came from, for the error
 * @returns microseconds since the epoch
 * @throws {OptionError} not a calendar date
 */
export function dayStartUs(date: string, name = "date"): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  // Date.parse accepts 2024-02-31 in some engines; a round trip does not.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) {
    throw new OptionError({
      column: name,
      message: `was "${date}", expected a calendar day`,
      fix: "write it as yyyy-mm-dd, for example 2024-11-01",
    });
  }
  return ms * 1000;
}

/** A range holds no more days than this, some 27 years: there is no older data, and a slip of a digit asks for thousands. */
const MOST_DAYS = 10_000;

/** UTC day that holds a time, as `yyyy-mm-dd`. */
export function dateOf(timeUs: number): string {
  return new Date(Math.floor(timeUs / 1000)).toISOString().slice(0, 10);
}

/** Time as `yyyy-mm-dd hh:mm:ss`, UTC, for people. */
export function formatUtc(timeUs: number): string {
  return new Date(Math.floor(timeUs / 1000)).toISOString().slice(0, 19).replace("T", " ");
}

/**
 * The UTC days of a range.
 *
 * @param from - first day, `yyyy-mm-dd`
 * @param to - day after the last; default is the day after `from`
 * @returns days in order, at least one
 * @throws {OptionError} a date is not one, `to` is not after `from`, or there are too many days between them
 */
export function daysBetween(from: string, to?: string): readonly string[] {
  const startUs = dayStartUs(from, "--from");
  const endUs = to === undefined ? startUs + DAY_US : dayStartUs(to, "--to");
  if (endUs <= startUs) {
    throw new OptionError({
      column: "--to",
      message: `was "${to}", which is not after --from "${from}"`,
      fix: "give a later day: --from is inclusive, --to exclusive",
    });
  }
  const count = (endUs - startUs) / DAY_US;
  if (count > MOST_DAYS) {
    throw new OptionError({
      column: "--to",
      message: `was "${to}", which is ${count} days after --from "${from}", and ${MOST_DAYS} is the most`,
      fix: "check the years, or take fewer days at once",
    });
  }
  const days: string[] = [];
  for (let dayUs = startUs; dayUs < endUs; dayUs += DAY_US) days.push(dateOf(dayUs));
  return days;
}
