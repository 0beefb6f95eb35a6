// Are the bytes in the store still those that were written?
import { DataError } from "../core/errors.js";
import { requireIntact } from "../store/integrity.js";
import { listPartitions } from "../store/list.js";
import type { Store } from "../store/store.js";
import type { DataType } from "../store/tables.js";
import type { MarketRange } from "./store-summary.js";
import type { Table } from "./table.js";

/** What re-hashing the files of one type found. */
export interface TypeIntegrity {
  readonly type: DataType;
  readonly partitions: number;
  /** Bytes that were hashed. */
  readonly bytes: number;
  /** Files whose size or SHA-256 differs from the manifest, as sentences. */
  readonly damaged: readonly string[];
}

/**
 * Hashes every file of the range's partitions again and holds it against its manifest; a damaged one is a finding.
 *
 * @throws {DataError} a manifest cannot be read
 */
export async function checkIntegrity(
  store: Store,
  { exchange, symbols, days }: MarketRange,
): Promise<readonly TypeIntegrity[]> {
  const partitions = await listPartitions(store, { exchange, symbols });
  const types = new Map<DataType, { partitions: number; bytes: number; damaged: string[] }>();
  for (const { key, folder, manifest } of partitions) {
    if (!days.includes(key.date)) continue;
    const found = types.get(key.type) ?? { partitions: 0, bytes: 0, damaged: [] };
    types.set(key.type, found);
    found.partitions++;
    for (const { bytes } of Object.values(manifest.files)) found.bytes += bytes;
    try {
      await requireIntact(store, folder, { again: true });
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      found.damaged.push(error.message);
    }
  }
  return [...types].map(([type, found]) => ({ type, ...found }));
}

/** Partitions whose files were found damaged. */
export function damagedCount(found: readonly TypeIntegrity[]): number {
  return found.reduce((sum, { damaged }) => sum + damaged.length, 0);
}

/** What was hashed, by type. */
export function integrityTable(found: readonly TypeIntegrity[]): Table {
  return {
    caption: "Files hashed again and held against their manifests",
    columns: [
      { name: "type", kind: "code" },
      { name: "partitions" },
      { name: "hashed", unit: "MB", digits: 1 },
      { name: "as written" },
      { name: "damaged" },
    ],
    rows: found.map(({ type, partitions, bytes, damaged }) => [
      type,
      partitions,
      bytes / 1e6,
      partitions - damaged.length,
      damaged.length,
    ]),
  };
}

/** In words: whether the store is what was written, and what is not. */
export function integrityFindings(found: readonly TypeIntegrity[]): string {
  const damaged = found.flatMap((type) => type.damaged);
  const partitions = found.reduce((sum, type) => sum + type.partitions, 0);
  if (partitions === 0) return "There is nothing in the store to hash.";
  if (damaged.length === 0) {
    return `**All ${partitions} partitions are, byte for byte, what their manifests say.**`;
  }
  const shown = damaged.slice(0, 8).map((sentence) => `- ${sentence}`);
  return [`**${damaged.length} of ${partitions} partitions are damaged:**`, ...shown].join("\n");
}
