// Are the verdicts of a day those of what the store has now, by the thresholds in force?
import { isDeepStrictEqual } from "node:util";
import { readSettingsFile } from "../core/settings-file.js";
import { type AuditInputs, auditInputs } from "./audit-inputs.js";
import { AUDITED_TYPES } from "./audited-types.js";
import { readDerivedManifest } from "./derived.js";
import type { DerivedManifest } from "./manifest.js";
import type { SymbolDay } from "./read.js";
import type { Store } from "./store.js";

/** Raised when the same data and settings file would get another verdict: with a check, or a threshold's default. */
export const AUDIT_VERSION = 7;

/** What of the origin of a day's verdicts says whether they are the present ones. */
export interface AuditBasis {
  readonly version: number;
  readonly inputs: AuditInputs;
  /** Thresholds, nested as under `audit:` in the settings file. */
  readonly settings: object;
  /** Those that were not the default, by path: `staleBook.leastSeconds`. */
  readonly changed: readonly string[];
}

/** Folder of a day's hourly verdicts. */
export function auditFolder({ exchange, symbol, date }: SymbolDay): string {
  return `audit/exchange=${exchange}/symbol=${symbol}/date=${date}`;
}

/**
 * The manifest of a day's verdicts; the table itself is not looked at.
 *
 * @returns undefined when there are none, or a new audit might say something else: its version, the thresholds in force, or
 *   any file that it looks at is another, came or went
 * @throws {DataError} a manifest cannot be read or has an unknown format
 * @throws {OptionError} the settings file cannot be read
 */
export async function presentAudit(
  store: Store,
  day: SymbolDay,
): Promise<DerivedManifest | undefined> {
  const manifest = await readDerivedManifest(store, auditFolder(day));
  if (manifest === undefined) return undefined;
  const { version, inputs = {}, ...thresholds } = manifest.origin as Partial<AuditBasis>;
  if (version !== AUDIT_VERSION) return undefined;
  if (!areInForce(thresholds, readSettingsFile()["audit"])) return undefined;
  return isSameData(inputs, await auditInputs(store, day)) ? manifest : undefined;
}

/**
 * Whether the thresholds of an audit are those that a settings file asks for.
 *
 * @param audit - what stands under `audit:` in the file, unchecked; undefined when nothing does
 */
export function areInForce(
  { settings = {}, changed = [] }: Partial<Pick<AuditBasis, "settings" | "changed">>,
  audit: unknown,
): boolean {
  const used = thresholdsByPath(settings);
  const asked = thresholdsByPath(audit === undefined ? {} : audit);
  // What neither names is a default in both, and those of one version are the same.
  return (
    changed.every((name) => asked.has(name)) &&
    [...asked].every(([name, value]) => used.get(name) === value)
  );
}

/** Values of nested names, by path: `staleBook.leastSeconds`. */
export function thresholdsByPath(nested: unknown, place = ""): ReadonlyMap<string, unknown> {
  if (nested === null || typeof nested !== "object") return new Map([[place, nested]]);
  const entries = Object.entries(nested).flatMap(([name, inner]) => [
    ...thresholdsByPath(inner, place === "" ? name : `${place}.${name}`),
  ]);
  return new Map(entries);
}

/** Ticks that were put away, all of them, contradict no audit. */
function isSameData(audited: AuditInputs, now: AuditInputs): boolean {
  const hasTicks = Object.keys(now).some((type) => type !== "candles");
  const hadTicks = Object.keys(audited).some((type) => type !== "candles");
  if (hadTicks && !hasTicks) return true;
  return AUDITED_TYPES.every((type) => isDeepStrictEqual(audited[type], now[type]));
}
