import { faultKindNames } from "../simulate/faults/choose-kinds.js";
import { type AuditFaultResult, auditTable } from "./audit/audit-table.js";
import { runPlanted } from "./audit/planted-faults.js";
import type { FaultCampaign } from "./campaign.js";

/** Asks for days without faults alone. */
const CLEAN = "clean";

/**
 * Faults of known place in simulated days, and what the audit finds of them.
 *
 * @param only - kinds of faults or checks, or `clean`; all of them where it is not given
 * @throws {OptionError} a name is neither
 */
export function auditCampaigns(only?: string): readonly FaultCampaign[] {
  const asked = only?.split(",").filter((name) => name.trim() !== CLEAN);
  const kinds = asked?.length === 0 ? [] : faultKindNames(asked?.join(","), "--only");
  return [
    {
      name: "planted-faults",
      run: (options) => runPlanted(kinds, options),
      table: (results) => auditTable(results as readonly AuditFaultResult[]),
    },
  ];
}
