import { isDeepStrictEqual } from "node:util";
import { DataError } from "../core/errors.js";
import { type AuditInputs, auditedFolder, auditInputs } from "../store/audit-inputs.js";
import { AUDITED_TYPES, type AuditedType } from "../store/audited-types.js";
import { requireIntact } from "../store/integrity.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { DayAudit } from "./audit-day.js";
import type { DayPool } from "./day-pool.js";
import type { AuditSettings } from "./settings.js";
import { auditOrigin, readStoredAudit, storeAudit } from "./stored-audit.js";

/** Audits of a day that other runs replace meanwhile. */
const TRIES = 3;

/**
 * What a day is worth: as it is stored where that is of the present data and settings, else checked and stored. No file is
 * judged under another's name: a day that was replaced while it was checked is checked again. Of a day that is stored only
 * the sizes of its files are looked at again; whoever reads them checks their hashes.
 *
 * @param types - types that the day is expected to have
 * @param check - who checks a day of which nothing is stored
 * @returns undefined when the store has nothing of the day
 * @throws {DataError} a partition is damaged, or the day was replaced in every try
 */
export async function keptOrNew(
  store: Store,
  day: SymbolDay,
  types: readonly AuditedType[],
  settings: AuditSettings,
  check: DayPool["run"],
): Promise<DayAudit | undefined> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const inputs = await auditInputs(store, day);
    if (Object.keys(inputs).length === 0) return undefined;
    // A type may have come since the store was listed.
    const all = AUDITED_TYPES.filter((type) => types.includes(type) || inputs[type] !== undefined);
    const origin = auditOrigin(all, inputs, settings);
    const kept = await readStoredAudit(store, day, origin);
    if (kept !== undefined) {
      await requireSizes(store, day, inputs);
      return kept;
    }
    const audited = await check({ day, types: all, settings }).catch(dataError);
    if (!isDeepStrictEqual(await auditInputs(store, day), inputs)) continue;
    if (audited instanceof DataError) throw audited;
    await storeAudit(store, day, audited, origin);
    return audited;
  }
  const { exchange, symbol, date } = day;
  throw new DataError({
    file: `${exchange} ${symbol} ${date}`,
    message: `was replaced in each of ${TRIES} audits`,
    fix: "wait until whoever writes to the store is done, then repeat `npx tickbook audit`",
  });
}

/** @throws {DataError} a file of the day is not there, or of another size than its manifest says */
async function requireSizes(store: Store, day: SymbolDay, inputs: AuditInputs): Promise<void> {
  for (const type of AUDITED_TYPES) {
    if (inputs[type] === undefined) continue;
    await requireIntact(store, auditedFolder(day, type), { sizesOnly: true });
  }
}

/** An error that a replacement in mid-read may be the cause of; others are thrown. */
function dataError(error: unknown): DataError {
  if (error instanceof DataError) return error;
  throw error;
}
