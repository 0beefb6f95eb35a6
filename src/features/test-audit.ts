// For tests only: the table that an audit of what the store holds now would leave, with verdicts as a test wants them.

import { readSettingsFile } from "../core/settings-file.js";
import { dayStartUs, HOUR_US } from "../core/time.js";
import { auditInputs } from "../store/audit-inputs.js";
import type { AuditedType } from "../store/audited-types.js";
import { writeDerived } from "../store/derived.js";
import {
  AUDIT_VERSION,
  type AuditBasis,
  auditFolder,
  thresholdsByPath,
} from "../store/present-audit.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { verdictHashes } from "../store/verdict-hashes.js";

/** Verdict of one type in one hour of the day. */
export interface PlantedHour {
  readonly type: "trades" | "incremental_book_L2" | "quotes" | "candles";
  /** 0 to 23. */
  readonly hour: number;
  readonly verdict: string;
}

/**
 * Stores verdicts of a day as the present audit stores them: of the very files that the store holds, by the thresholds in
 * force.
 *
 * @param otherwise - what is another audit's
 */
export async function plantAudit(
  store: Store,
  day: SymbolDay,
  hours: readonly PlantedHour[],
  otherwise: Partial<AuditBasis> = {},
): Promise<void> {
  const settings = (readSettingsFile()["audit"] ?? {}) as object;
  const inputs = await auditInputs(store, day);
  const marks = hours.map(({ hour, ...of }) => ({
    ...of,
    hourUs: dayStartUs(day.date) + hour * HOUR_US,
  }));
  const basis: AuditBasis = {
    version: AUDIT_VERSION,
    inputs,
    verdicts: verdictHashes(marks, Object.keys(inputs) as AuditedType[]),
    settings,
    changed: [...thresholdsByPath(settings).keys()],
    ...otherwise,
  };
  const columns = {
    hour_start_us: Float64Array.from(marks, ({ hourUs }) => hourUs),
    type: hours.map(({ type }) => type),
    verdict: hours.map(({ verdict }) => verdict),
    reasons: hours.map(() => "planted"),
  };
  await writeDerived(store, auditFolder(day), columns, { key: "planted", ...basis });
}

/** Verdicts of trades and book in all hours of a day: good but where a test says otherwise. */
export function dayOfHours(
  verdictAt: (hour: number, type: PlantedHour["type"]) => string = () => "good",
): readonly PlantedHour[] {
  return (["trades", "incremental_book_L2"] as const).flatMap((type) =>
    Array.from({ length: 24 }, (_, hour) => ({ type, hour, verdict: verdictAt(hour, type) })),
  );
}
