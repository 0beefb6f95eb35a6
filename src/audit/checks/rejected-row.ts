// Which rows of the vendor's file could not be read?
import { counted } from "../../core/counted.js";
import type { AuditedType } from "../../store/audited-types.js";
import type { RejectedRow } from "../../store/read-rejected.js";
import { type CheckResult, CLEAN } from "../finding.js";
import { HourlyCount, hourOfDay } from "../measuring/hours.js";
import type { Pace } from "../measuring/pace.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/**
 * Rows that ingest left out, by cause.
 *
 * @param counts - by cause, from the partition's manifest
 * @param rows - the rows with their places
 * @param dayUs - start of the day, which stands for places that are not known
 */
export function rejectedRow(
  type: AuditedType,
  {
    counts,
    rows,
    dayUs,
  }: {
    readonly counts: Readonly<Record<string, number>>;
    readonly rows: readonly RejectedRow[];
    readonly dayUs: number;
  },
  pace: Pace,
  { badAbove }: AuditSettings["rejectedRow"],
): CheckResult {
  const causes = Object.entries(counts).filter(([, count]) => count > 0);
  const count = causes.reduce((sum, [, one]) => sum + one, 0);
  if (count === 0) return CLEAN;
  const places = new Stretches();
  const byHour = new HourlyCount();
  for (const { localUs } of rows) {
    places.add(localUs ?? dayUs, localUs ?? dayUs);
    if (localUs !== undefined) byHour.add(localUs);
  }
  const finding = {
    check: "rejected-row",
    type,
    count,
    firstUs: places.spans()[0]?.[0] ?? dayUs,
    isFatal: false,
    value: count,
    unit: "rows",
    detail: `rows left out when the file was read: ${causes.map(([cause, one]) => `${one.toLocaleString("en-US")} ${cause}`).join(", ")}`,
    spans: places.spans(),
  } as const;
  const marks = [...byHour.entries()].map(([hourUs, rejected]) => {
    const kept = pace.rowsByHour[hourOfDay(hourUs)]!;
    const isBad = rejected / (rejected + kept) > badAbove;
    const reason = `${counted(rejected, "row")} could not be read`;
    return { hourUs, verdict: isBad ? "bad" : "usable", reason } as const;
  });
  return { findings: [finding], marks };
}
