// Where the verdicts of a day lie in the store, and what they were made from.
import { createHash } from "node:crypto";
import type { AuditInputs } from "../store/audit-inputs.js";
import type { FINDING_COLUMNS, VERDICT_COLUMNS } from "../store/audit-tables.js";
import type { AuditedType } from "../store/audited-types.js";
import type { Column } from "../store/column.js";
import {
  type DerivedColumn,
  readDerived,
  wholeDerivedManifest,
  writeDerived,
} from "../store/derived.js";
import {
  AUDIT_VERSION,
  type AuditBasis,
  auditFolder,
  thresholdsByPath,
} from "../store/present-audit.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { verdictHashes } from "../store/verdict-hashes.js";
import type { DayAudit } from "./audit-day.js";
import type { CheckName, Finding, Span } from "./finding.js";
import type { HourVerdict, Verdict } from "./hour-verdict.js";
import { reasonsOf, reasonsText } from "./reasons-text.js";
import { AUDIT_SETTINGS, type AuditSettings } from "./settings.js";

/** What a day's verdicts are made from, as their manifests record it. */
export interface AuditOrigin extends AuditBasis {
  /** Hash of all that decides the verdicts. */
  readonly key: string;
  /** Types that the day was expected to have. */
  readonly types: readonly AuditedType[];
  readonly settings: AuditSettings;
}

/** Folder of a day's findings. */
function findingsFolder({ exchange, symbol, date }: SymbolDay): string {
  return `audit-findings/exchange=${exchange}/symbol=${symbol}/date=${date}`;
}

/**
 * What a day's verdicts are to be made from.
 *
 * @param types - types that the day is expected to have
 * @param inputs - files of those that it has
 */
export function auditOrigin(
  types: readonly AuditedType[],
  inputs: AuditInputs,
  settings: AuditSettings,
): AuditOrigin {
  const state = { version: AUDIT_VERSION, types, inputs, settings };
  const key = createHash("sha256").update(JSON.stringify(state)).digest("hex");
  const defaults = thresholdsByPath(AUDIT_SETTINGS);
  const changed = [...thresholdsByPath(settings)].filter(
    ([name, value]) => defaults.get(name) !== value,
  );
  return { key, ...state, changed: changed.map(([name]) => name) };
}

/**
 * Stores the verdicts of a day beside its data: `audit` has a row for each type and hour, `audit-findings` one for each
 * finding. Both carry the key of their origin, so a run that ends between them leaves nothing that is taken for whole.
 *
 * @throws {OptionError} the store cannot be written to
 * @throws {Error} a check gave a finding without a time, which nobody could read
 */
export async function storeAudit(
  store: Store,
  day: SymbolDay,
  { findings, hours }: DayAudit,
  origin: AuditOrigin,
): Promise<void> {
  for (const finding of findings) requireTimes(finding, day);
  await writeDerived(store, findingsFolder(day), findingColumns(findings), { ...origin });
  const verdicts = verdictHashes(hours, origin.types);
  await writeDerived(store, auditFolder(day), hourColumns(hours), { ...origin, verdicts });
}

function requireTimes(
  { check, type, firstUs, spans }: Finding,
  { exchange, symbol, date }: SymbolDay,
): void {
  const areFinite = spans.flat().every(Number.isFinite);
  if (Number.isFinite(firstUs) && areFinite) return;
  const what = Number.isFinite(firstUs) ? "spans" : "firstUs";
  const place = `${exchange} ${symbol} ${date}`;
  throw new Error(
    `${place}: the check ${check} of ${type} gave a finding whose ${what} is no time`,
  );
}

/**
 * The day's stored verdicts.
 *
 * @returns undefined when there are none, or they are damaged or of another origin
 * @throws {DataError} another version of the store wrote them, or they cannot be read
 */
export async function readStoredAudit(
  store: Store,
  day: SymbolDay,
  { key }: Pick<AuditOrigin, "key">,
): Promise<DayAudit | undefined> {
  for (const folder of [auditFolder(day), findingsFolder(day)]) {
    const manifest = await wholeDerivedManifest(store, folder);
    if (manifest?.origin["key"] !== key) return undefined;
  }
  const hours = (await readDerived(store, auditFolder(day))).columns;
  const findings = (await readDerived(store, findingsFolder(day))).columns;
  return { findings: findingsOf(findings), hours: hoursOf(hours) };
}

function hourColumns(
  hours: readonly HourVerdict[],
): Readonly<Record<(typeof VERDICT_COLUMNS)[number]["name"], DerivedColumn>> {
  const count = (of: (hour: HourVerdict) => number | undefined): Float64Array =>
    Float64Array.from(hours, (hour) => of(hour) ?? 0);
  return {
    hour_start_us: count(({ hourUs }) => hourUs),
    type: hours.map(({ type }) => type),
    verdict: hours.map(({ verdict }) => verdict),
    reasons: hours.map(({ reasons }) => reasonsText(reasons)),
    messages: count(({ messages }) => messages),
    quotes_compared: count(({ quotes }) => quotes?.compared),
    quote_prices_equal: count(({ quotes }) => quotes?.pricesEqual),
    quote_all_equal: count(({ quotes }) => quotes?.allEqual),
  };
}

type Columns = Readonly<Record<string, Column>>;

function hoursOf(columns: Columns): readonly HourVerdict[] {
  const text = (name: string): readonly string[] => columns[name] as readonly string[];
  const number = (name: string): Float64Array => columns[name] as Float64Array;
  return Array.from(number("hour_start_us"), (hourUs, i) => {
    const compared = number("quotes_compared")[i]!;
    const pricesEqual = number("quote_prices_equal")[i]!;
    const allEqual = number("quote_all_equal")[i]!;
    return {
      type: text("type")[i] as AuditedType,
      hourUs,
      verdict: text("verdict")[i] as Verdict,
      reasons: reasonsOf(text("reasons")[i]!),
      messages: number("messages")[i]!,
      quotes: compared === 0 ? undefined : { compared, pricesEqual, allEqual },
    };
  });
}

function findingColumns(
  findings: readonly Finding[],
): Readonly<Record<(typeof FINDING_COLUMNS)[number]["name"], DerivedColumn>> {
  return {
    check_name: findings.map(({ check }) => check),
    type: findings.map(({ type }) => type),
    count: Float64Array.from(findings, ({ count }) => count),
    first_us: Float64Array.from(findings, ({ firstUs }) => firstUs),
    is_fatal: Uint8Array.from(findings, ({ isFatal }) => Number(isFatal)),
    value: Float64Array.from(findings, ({ value }) => value),
    unit: findings.map(({ unit }) => unit),
    detail: findings.map(({ detail }) => detail),
    spans: findings.map(({ spans }) => JSON.stringify(spans)),
  };
}

function findingsOf(columns: Columns): readonly Finding[] {
  const text = (name: string, i: number): string => (columns[name] as readonly string[])[i]!;
  const number = (name: string, i: number): number => (columns[name] as Float64Array)[i]!;
  return Array.from(columns["count"] as Float64Array, (count, i) => ({
    check: text("check_name", i) as CheckName,
    type: text("type", i) as AuditedType,
    count,
    firstUs: number("first_us", i),
    isFatal: number("is_fatal", i) === 1,
    value: number("value", i),
    unit: text("unit", i) as Finding["unit"],
    detail: text("detail", i),
    spans: JSON.parse(text("spans", i)) as readonly Span[],
  }));
}
