/** Part of a time range that one answer can hold; seconds since the epoch, `endS` exclusive. */
export interface PageWindow {
  readonly startS: number;
  readonly endS: number;
}

/** Candles that an answer holds at most. */
export const PAGE_CANDLES = 300;

/**
 * Cuts a time range into pages. A page is one minute shorter than an answer may be, so that asking for both its ends gives
 * every minute and at most 300 candles whether the exchange counts the end in (it does, though its documentation does not
 * say so) or not; the candle at a border may then come twice.
 *
 * @param startS - start of a minute, seconds since the epoch
 * @param endS - start of the minute after the last
 * @returns pages in order, without gap or overlap
 */
export function pageWindows(startS: number, endS: number): readonly PageWindow[] {
  const pageS = 60 * (PAGE_CANDLES - 1);
  return Array.from({ length: Math.ceil((endS - startS) / pageS) }, (_, page) => ({
    startS: startS + page * pageS,
    endS: Math.min(startS + (page + 1) * pageS, endS),
  }));
}
