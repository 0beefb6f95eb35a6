import { HOUR_US, MINUTE_US } from "../../core/time.js";
import type { PhaseRules } from "./account-rules.js";

/** Times that some accounts must heed, ascending, µs since the epoch. */
export interface TradingCalendar {
  /** Listed news on the instruments that are traded. */
  readonly newsUs: readonly number[];
  /** When the market is closed. */
  readonly breaks: readonly { readonly fromUs: number; readonly untilUs: number }[];
}

/** What the calendar forbids at a time, and until when; it begins anew with each event. */
export interface CalendarLimit {
  readonly kind: "news" | "break";
  readonly untilUs: number;
}

/**
 * What a phase forbids at a time: trading near news, both ends of the window with it, and holding through a long break. A break is
 * told before news, since it wants the account flat.
 *
 * @param flatMinutes - how long before a break the account is to be flat
 * @returns null where nothing is forbidden
 */
export function calendarLimit(
  { newsMinutes, flatBeforeBreakHours }: Pick<PhaseRules, "newsMinutes" | "flatBeforeBreakHours">,
  { newsUs, breaks }: TradingCalendar,
  { atUs, flatMinutes }: { readonly atUs: number; readonly flatMinutes: number },
): CalendarLimit | null {
  const found = breaks.find(
    ({ fromUs, untilUs }) =>
      flatBeforeBreakHours !== null &&
      untilUs - fromUs > flatBeforeBreakHours * HOUR_US &&
      atUs >= fromUs - flatMinutes * MINUTE_US &&
      atUs < untilUs,
  );
  if (found !== undefined) return { kind: "break", untilUs: found.untilUs };
  const reachUs = newsMinutes * MINUTE_US;
  const near = newsUs.filter((timeUs) => Math.abs(atUs - timeUs) <= reachUs).at(-1);
  if (near === undefined || reachUs === 0) return null;
  return { kind: "news", untilUs: near + reachUs };
}
