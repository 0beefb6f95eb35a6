// Are the verdicts of a day those of what the store has now, by the thresholds in force?
import { isDeepStrictEqual } from "node:util";
import { readSettingsFile } from "../core/settings-file.js";
import { type AuditInputs, auditInputs } from "./audit-inputs.js";
import { AUDITED_TYPES, type AuditedType } from "./audited-types.js";
import { readDerivedManifest } from "./derived.js";
import type { DerivedManifest } from "./manifest.js";
import type { SymbolDay } from "./read.js";
import type { Store } from "./store.js";
import type { VerdictHashes } from "./verdict-hashes.js";

/** Raised when the same data and settings file would get another verdict: with a check, or a threshold's default. */
export const AUDIT_VERSION = 7;

/** What of the origin of a day's verdicts says whether they are the present ones. */
export interface AuditBasis {
  readonly version: number;
  readonly inputs: AuditInputs;
  /** Of what was found of each type; absent in audits of an older writer. */
  readonly verdicts?: VerdictHashes;
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
 * @param types - whose verdicts are asked for; candles are judged by themselves, the other types together
 * @returns undefined when there are none, or a new audit might say something else of these types
 * @throws {DataError} a manifest cannot be read or has an unknown format
 * @throws {OptionError} the settings file cannot be read
 */
export async function presentAudit(
  store: Store,
  day: SymbolDay,
  types: readonly string[],
): Promise<DerivedManifest | undefined> {
  const manifest = await readDerivedManifest(store, auditFolder(day));
  const changes = await changesSince(manifest, store, day, types);
  return changes.length === 0 ? manifest : undefined;
}

/**
 * Why a day's verdicts are not the present ones: its audit's version, the thresholds in force, or any file that decides them is
 * another, came or went.
 *
 * @param types - as for `presentAudit`
 * @returns sentences without a stop; empty where they are the present ones
 */
export async function changesSinceAudit(
  store: Store,
  day: SymbolDay,
  types: readonly string[],
): Promise<readonly string[]> {
  return changesSince(await readDerivedManifest(store, auditFolder(day)), store, day, types);
}

async function changesSince(
  manifest: DerivedManifest | undefined,
  store: Store,
  day: SymbolDay,
  types: readonly string[],
): Promise<readonly string[]> {
  if (manifest === undefined) return ["there is no audit"];
  const { version, inputs = {}, ...thresholds } = manifest.origin as Partial<AuditBasis>;
  if (version !== AUDIT_VERSION) return ["the audit is of another version"];
  if (!areInForce(thresholds, readSettingsFile()["audit"])) {
    return ["the audit went by other thresholds than tickbook.yaml"];
  }
  return changedTables(inputs, await auditInputs(store, day), judgedWith(types));
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

/** Types that the verdicts of some types hang on. */
function judgedWith(types: readonly string[]): readonly AuditedType[] {
  const [hasCandles, hasTicks] = [
    types.includes("candles"),
    types.some((type) => type !== "candles"),
  ];
  return AUDITED_TYPES.filter((type) => (type === "candles" ? hasCandles : hasTicks));
}

/** What happened to tables since they were audited. Ticks that were put away, all of them, contradict no audit. */
function changedTables(
  audited: AuditInputs,
  now: AuditInputs,
  types: readonly AuditedType[],
): readonly string[] {
  const areTicksAway = !Object.keys(now).some((type) => type !== "candles");
  return types
    .filter((type) => type === "candles" || !areTicksAway)
    .filter((type) => !isDeepStrictEqual(audited[type], now[type]))
    .map((type) => {
      const change =
        audited[type] === undefined ? "came" : now[type] === undefined ? "went" : "changed";
      return `${type} ${change} after the audit`;
    });
}
