// The thread that checks one day of a symbol at a time.
import { type ErrorPlace, WorkbenchError } from "../core/errors.js";
import type { AuditedType } from "../store/audited-types.js";
import type { SymbolDay } from "../store/read.js";
import { openStore } from "../store/store.js";
import { auditDay, type DayAudit } from "./audit-day.js";
import type { AuditSettings } from "./settings.js";

/** A day to check; plain data, so that it can be sent to a thread. */
export interface DayJob {
  /** Root of the store. */
  readonly root: string;
  readonly day: SymbolDay;
  readonly types: readonly AuditedType[];
  readonly settings: AuditSettings;
}

/** What became of it; errors of the workbench lose what they are on the way between threads. */
export type DayOutcome =
  | { readonly audited: DayAudit }
  | { readonly problem: ErrorPlace; readonly exitCode: 1 | 2 };

/** Does one job; called by the pool. */
export async function checkDay({ root, day, types, settings }: DayJob): Promise<DayOutcome> {
  // A store of its own for each day: what another has found intact may have been replaced since.
  const store = await openStore(root, { threads: 1 });
  try {
    return { audited: await auditDay(store, day, types, settings) };
  } catch (error) {
    if (error instanceof WorkbenchError) return { problem: error.place, exitCode: error.exitCode };
    throw error;
  } finally {
    await store.close();
  }
}
