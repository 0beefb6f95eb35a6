import { contentHash } from "../core/content-hash.js";
import type { AuditedType } from "./audited-types.js";
import type { DerivedManifest } from "./manifest.js";
import { PARQUET_FILE } from "./partition.js";

/** SHA-256 of each type's hours and verdicts, as the manifest of a day's audit records it. */
export type VerdictHashes = Readonly<Partial<Record<AuditedType, string>>>;

/**
 * What an audit says of each type, as a hash: another type's verdicts, and why a verdict is what it is, are no part of it.
 *
 * @param types - those that were looked at; one without hours has a hash too
 */
export function verdictHashes(
  hours: readonly {
    readonly type: AuditedType;
    readonly hourUs: number;
    readonly verdict: string;
  }[],
  types: readonly AuditedType[],
): VerdictHashes {
  const ofType = (type: AuditedType): string =>
    contentHash([
      type,
      ...hours.filter((hour) => hour.type === type).map(({ hourUs, verdict }) => [hourUs, verdict]),
    ]);
  return Object.fromEntries(types.map((type) => [type, ofType(type)]));
}

/** The hash of what an audit says of a type; of its whole table where it records none by type. */
export function verdictHash({ origin, files }: DerivedManifest, type: string): string | null {
  const hashes = (origin["verdicts"] ?? {}) as VerdictHashes;
  return hashes[type as AuditedType] ?? files[PARQUET_FILE]?.sha256 ?? null;
}
