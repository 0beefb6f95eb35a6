/**
 * How long a server asks to be left alone.
 *
 * @param header - `Retry-After`: seconds, or a date of HTTP
 * @param date - the answer's own `Date`, so that a wrong clock on either side does not matter
 * @param nowMs - this machine's time, used where the answer has no date
 * @returns milliseconds, 0 when it does not ask or cannot be read
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterMs(
  header: string | undefined,
  date: string | undefined,
  nowMs: number,
): number {
  if (header === undefined) return 0;
  if (/^\s*\d+\s*$/.test(header)) return 1000 * Number(header);
  const untilMs = Date.parse(header);
  const sinceMs = Date.parse(date ?? "");
  const waitMs = untilMs - (Number.isNaN(sinceMs) ? nowMs : sinceMs);
  return Number.isNaN(waitMs) ? 0 : Math.max(0, waitMs);
}
