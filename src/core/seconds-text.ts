/**
 * Seconds for people, never fewer than there were: "0.004 s", "3.0 s", "1,234.5 s".
 *
 * @param seconds - at least 0
 */
export function secondsText(seconds: number): string {
  if (seconds === 0) return "0 s";
  if (seconds < 0.0005) return "less than 0.001 s";
  const digits = seconds < 0.9995 ? 3 : 1;
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${seconds.toLocaleString("en-US", format)} s`;
}
