/**
 * Rows that are neither trained nor scored on, in words: "720 for warm-up, 90 for no valid book"; empty where there are none.
 *
 * @param excluded - rows by cause
 */
export function excludedText(excluded: Readonly<Record<string, number>>): string {
  return Object.entries(excluded)
    .filter(([, rows]) => rows > 0)
    .map(([cause, rows]) => `${rows.toLocaleString("en-US")} for ${cause}`)
    .join(", ");
}
