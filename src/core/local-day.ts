import { DateTime, IANAZone } from "luxon";
import { OptionError } from "./errors.js";

/** A calendar day of a time zone; 23, 24 or 25 hours long where clocks change. */
export interface LocalDay {
  /** `yyyy-mm-dd`. */
  readonly date: string;
  /** Its midnight, µs since the epoch. */
  readonly startUs: number;
  /** The next midnight, which is no longer part of it. */
  readonly endUs: number;
}

/** Days by their zone and a time that was asked for: who walks from midnight to midnight asks luxon once a day. */
const KNOWN = new Map<string, Map<number, LocalDay>>();

/** More times of a zone than this, some 27 years of midnights, are forgotten. */
const MOST_KNOWN = 10_000;

/**
 * The calendar day that holds a time. Whoever keeps `endUs` need not ask again before it.
 *
 * @param zone - IANA name, as `Europe/Prague`
 * @param timeUs - µs since the epoch
 * @throws {OptionError} there is no such zone, or the time is none
 */
export function localDay(zone: string, timeUs: number): LocalDay {
  let days = KNOWN.get(zone);
  if (days === undefined) {
    requireZone(zone);
    days = new Map();
    KNOWN.set(zone, days);
  }
  const known = days.get(timeUs);
  if (known !== undefined) return known;
  const found = lookUp(zone, timeUs);
  if (days.size >= MOST_KNOWN) days.clear();
  days.set(timeUs, found);
  return found;
}

/**
 * Refuses what is no time zone.
 *
 * @throws {OptionError} the platform does not know it
 */
export function requireZone(zone: string): void {
  if (IANAZone.isValidZone(zone)) return;
  throw new OptionError({
    column: "timeZone",
    message: `was ${JSON.stringify(zone)}, expected the name of a time zone`,
    fix: "write it as in Europe/Prague or UTC",
  });
}

function lookUp(zone: string, timeUs: number): LocalDay {
  if (!Number.isFinite(timeUs)) {
    throw new OptionError({ column: "time", message: `was ${timeUs}, expected microseconds` });
  }
  // Luxon counts milliseconds; no clock was ever changed between two of them.
  const time = DateTime.fromMillis(Math.floor(timeUs / 1000), { zone });
  const start = time.startOf("day");
  const end = start.plus({ days: 1 }).startOf("day");
  return {
    date: start.toISODate() ?? "",
    startUs: 1000 * start.toMillis(),
    endUs: 1000 * end.toMillis(),
  };
}
