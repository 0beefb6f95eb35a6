import { AUDITED_TYPES, type AuditedType } from "./audited-types.js";
import { candleFolder } from "./candle-table.js";
import { readDerivedManifest } from "./derived.js";
import type { Manifest } from "./manifest.js";
import { partitionFolder } from "./partition.js";
import { readManifest, type SymbolDay } from "./read.js";
import type { Store } from "./store.js";

/** Folder of a day's data of a type that is audited. */
export function auditedFolder(day: SymbolDay, type: AuditedType): string {
  return type === "candles" ? candleFolder(day) : partitionFolder({ ...day, type });
}

/** Files of each audited partition of a day, with their SHA-256, by type; types of which there is nothing are left out. */
export type AuditInputs = Readonly<Partial<Record<AuditedType, Manifest["files"]>>>;

/**
 * The files that an audit of the day would read now; only manifests are looked at.
 *
 * @throws {DataError} a manifest cannot be read or has an unknown format
 */
export async function auditInputs(store: Store, day: SymbolDay): Promise<AuditInputs> {
  const inputs: Partial<Record<AuditedType, Manifest["files"]>> = {};
  for (const type of AUDITED_TYPES) {
    const manifest =
      type === "candles"
        ? await readDerivedManifest(store, auditedFolder(day, type))
        : await readManifest(store, { ...day, type });
    if (manifest !== undefined) inputs[type] = manifest.files;
  }
  return inputs;
}
