import { tableText } from "../../reporting/table.js";
import type { FaultResult } from "../campaign.js";
import { hasStood } from "../result-table.js";

/** A kind of fault and what the audit made of it; days without faults have no size. */
export interface AuditFaultResult extends FaultResult {
  readonly check: string;
  readonly kind: string;
  readonly size: string;
  /** Found, but at another place. */
  readonly misplaced: number;
  /** From the planted place to the found one where it was right, seconds, the worst of all; NaN when there was none. */
  readonly worstSeconds: number;
  /** Places that no planted fault explains. */
  readonly falseAlarms: number;
}

/** Results of the audit's campaign as a table for people, with a line below for each note. */
export function auditTable(results: readonly AuditFaultResult[]): string {
  const words = ["check", "kind", "minimum size"];
  const numbers = ["tries", "found", "worst distance s", "false alarms"];
  const table = tableText({
    caption: "Faults and what the audit found",
    columns: [...words, ...numbers].map((name) => ({ name })),
    rows: results.map((one) => [
      ...[one.check, one.kind, one.size, one.tries, one.detected],
      ...[Number(one.worstSeconds.toFixed(3)), one.falseAlarms],
    ]),
  });
  const notes = results.flatMap((one) =>
    one.note === undefined ? [] : [`${hasStood(one) ? " " : "✗"} ${one.fault}: ${one.note}`],
  );
  return [table, "", ...notes].join("\n").trimEnd();
}
