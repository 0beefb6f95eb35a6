// Which rows of the vendor's file could not be read?
import { type AuditedType, type CheckResult, CLEAN } from "./finding.js";

/**
 * Rows that ingest left out, by cause, from the partition's manifest. Where they lay is not known, so the day's start
 * stands for the place.
 *
 * @param rejected - counts by cause
 */
export function rejectedRow(
  type: AuditedType,
  rejected: Readonly<Record<string, number>>,
  dayUs: number,
): CheckResult {
  const causes = Object.entries(rejected).filter(([, count]) => count > 0);
  const count = causes.reduce((sum, [, rows]) => sum + rows, 0);
  if (count === 0) return CLEAN;
  const finding = {
    check: "rejected-row",
    type,
    count,
    firstUs: dayUs,
    isFatal: false,
    value: count,
    unit: "rows",
    detail: `rows left out when the file was read: ${causes.map(([cause, rows]) => `${rows} ${cause}`).join(", ")}`,
  } as const;
  return { findings: [finding], marks: [] };
}
