// Which stretch of time shows a finding well?
import type { LocatedFinding } from "../../audit/audit.js";
import type { CheckName, Span } from "../../audit/finding.js";
import {
  DAY_US,
  dateOf,
  dayStartUs,
  formatUtc,
  HOUR_US,
  MINUTE_US,
  SECOND_US,
} from "../../core/time.js";

/** A stretch of time that is drawn. */
export interface PictureWindow {
  readonly fromUs: number;
  readonly toUs: number;
}

/** From when to when: "2024-03-01 12:00:00 to 12:04:00 UTC". */
export function windowWords({ fromUs, toUs }: PictureWindow): string {
  const to = dateOf(toUs) === dateOf(fromUs) ? formatUtc(toUs).slice(11) : formatUtc(toUs);
  return `${formatUtc(fromUs)} to ${to} UTC`;
}

/** Room on either side of single rows; the narrowest that holds enough rows is taken. */
export const ROW_MARGINS_US: readonly number[] = [1, 5, 15, 30, 120, 600, 1800].map(
  (seconds) => seconds * SECOND_US,
);

/** Rows that make a picture. */
const ENOUGH_ROWS = 15;

/** What is shorter than this is looked at like a single row. */
const MOMENT_US = SECOND_US;

/** Room on either side of a stretch, at least. */
const LEAST_MARGIN_US: Readonly<Partial<Record<CheckName, number>>> = {
  gap: 30 * SECOND_US,
  reconnect: 30 * SECOND_US,
  "stale-book": 30 * SECOND_US,
  "clock-offset": 5 * MINUTE_US,
  // What was usual must be seen beside what is new.
  "regime-break": HOUR_US,
  "source-mismatch": 15 * MINUTE_US,
};

/** The place of a finding that is shown: its longest stretch, of equals the first. */
export function shownPlace({ spans, firstUs }: Pick<LocatedFinding, "spans" | "firstUs">): Span {
  const [first = [firstUs, firstUs] as const, ...others] = spans;
  return others.reduce((best, span) => (lengthOf(span) > lengthOf(best) ? span : best), first);
}

/** True for a place that is a single row, or nearly. */
export function isMoment(place: Span): boolean {
  return lengthOf(place) < MOMENT_US;
}

/**
 * The stretch of time that is drawn around a place, within its day: as much again on either side of a stretch, a little of
 * what takes hours, and as much around single rows as makes a picture.
 *
 * @param rowsWithin - rows of different times within each of `ROW_MARGINS_US` of the place
 */
export function pictureWindow(
  { check, type, date }: Pick<LocatedFinding, "check" | "type" | "date">,
  place: Span,
  rowsWithin: readonly number[],
): PictureWindow {
  const [startUs, endUs] = place;
  const dayUs = dayStartUs(date);
  if (check === "coverage" && endUs - startUs < DAY_US) return edgeWindow(place, dayUs);
  const marginUs =
    type === "candles"
      ? Math.max(15 * MINUTE_US, marginOf(check, place))
      : isMoment(place)
        ? rowMargin(rowsWithin)
        : marginOf(check, place);
  return {
    fromUs: Math.min(startUs, Math.max(dayUs, startUs - marginUs)),
    toUs: Math.max(endUs, Math.min(dayUs + DAY_US, endUs + marginUs)),
  };
}

/** Around where the day's data begins or ends: hours of nothing would leave it no room. */
function edgeWindow([startUs, endUs]: Span, dayUs: number): PictureWindow {
  const edgeUs = startUs <= dayUs ? endUs : startUs;
  const marginUs = Math.min(15 * MINUTE_US, Math.max(MINUTE_US, endUs - startUs));
  return {
    fromUs: Math.max(dayUs, edgeUs - marginUs),
    toUs: Math.min(dayUs + DAY_US, edgeUs + marginUs),
  };
}

function marginOf(check: CheckName, place: Span): number {
  const least = LEAST_MARGIN_US[check] ?? 5 * SECOND_US;
  const length = lengthOf(place);
  return Math.max(least, length > 2 * HOUR_US ? length / 12 : length);
}

function rowMargin(rowsWithin: readonly number[]): number {
  const enough = rowsWithin.findIndex((rows) => rows >= ENOUGH_ROWS);
  return ROW_MARGINS_US[enough] ?? ROW_MARGINS_US.at(-1)!;
}

function lengthOf([startUs, endUs]: Span): number {
  return endUs - startUs;
}
