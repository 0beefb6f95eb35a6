import { createHash } from "node:crypto";
import { OptionError } from "../core/errors.js";
import { readDerived, wholeDerivedManifest, writeDerived } from "../store/derived.js";
import { listPartitions, type StoredPartition } from "../store/list.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { auditDay, type DayAudit } from "./audit-day.js";
import { AUDITED_TYPES, type AuditedType, type Finding } from "./finding.js";
import { type HourVerdict, type Verdict, worst } from "./hour-verdict.js";
import { AUDIT_SETTINGS, type AuditSettings } from "./settings.js";

/** Raised when the same data and settings would get another verdict. */
const AUDIT_VERSION = 1;

/** Between the reasons of an hour in its one stored text. */
const SEPARATOR = "; ";

/** What to audit. */
export interface AuditRequest {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `yyyy-mm-dd` each. */
  readonly days: readonly string[];
  readonly settings?: AuditSettings;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A finding with its symbol and day; `first` is `firstUs` as ISO time. */
export type LocatedFinding = Finding & {
  readonly symbol: string;
  readonly date: string;
  readonly first: string;
};

/** An hour's verdict with its symbol and day. */
export type LocatedHour = HourVerdict & { readonly symbol: string; readonly date: string };

/** What the data is worth. */
export interface AuditResult {
  readonly exchange: string;
  readonly symbols: readonly string[];
  readonly days: readonly string[];
  /** Bad when a finding is fatal or at least half of the hours are bad; good when nothing was found. */
  readonly verdict: Verdict;
  readonly findings: readonly LocatedFinding[];
  readonly hours: readonly LocatedHour[];
}

/** Folder of a day's hourly verdicts: columns `hour_start_us, type, verdict, reasons`. */
export function auditFolder(exchange: string, symbol: string, date: string): string {
  return `audit/exchange=${exchange}/symbol=${symbol}/date=${date}`;
}

/**
 * Checks days of symbols and stores the verdict of every hour beside the data; days whose data and settings have not
 * changed are read back instead.
 *
 * @throws {OptionError} there is no data of that exchange, those symbols and days
 * @throws {DataError} a partition is damaged
 */
export async function audit(store: Store, request: AuditRequest): Promise<AuditResult> {
  const { exchange, symbols, days, settings = AUDIT_SETTINGS, onProgress } = request;
  const partitions = await findPartitions(store, request);
  const findings: LocatedFinding[] = [];
  const hours: LocatedHour[] = [];
  const total = symbols.length * days.length;
  for (const [s, symbol] of symbols.entries()) {
    const types = expectedTypes(partitions, symbol);
    for (const [d, date] of days.entries()) {
      const own = partitions.filter(({ key }) => key.symbol === symbol && key.date === date);
      const day = await keptOrNew(store, { exchange, symbol, date }, own, types, settings);
      for (const finding of day.findings) {
        const first = new Date(finding.firstUs / 1000).toISOString();
        findings.push({ ...finding, symbol, date, first });
      }
      for (const hour of day.hours) hours.push({ ...hour, symbol, date });
      onProgress?.(s * days.length + d + 1, total);
    }
  }
  return { exchange, symbols, days, verdict: overall(findings, hours), findings, hours };
}

function overall(findings: readonly LocatedFinding[], hours: readonly LocatedHour[]): Verdict {
  const bad = hours.filter(({ verdict }) => verdict === "bad").length;
  const isHalfBad = hours.length > 0 && bad >= hours.length / 2;
  if (isHalfBad || findings.some(({ isFatal }) => isFatal)) return "bad";
  if (findings.length > 0) return "usable";
  return worst(hours.map(({ verdict }) => verdict));
}

async function findPartitions(
  store: Store,
  { exchange, symbols, days }: AuditRequest,
): Promise<readonly StoredPartition[]> {
  const all = await listPartitions(store, { exchange, symbols, types: AUDITED_TYPES });
  const found = all.filter(({ key }) => days.includes(key.date));
  if (found.length > 0) return found;
  throw new OptionError({
    column: "--exchange, --symbols, --from",
    message: `named ${exchange} ${symbols.join(", ")} from ${days[0]}, of which the store has nothing`,
    fix: "fetch it with `npx tickbook ingest`, or name what is there (`npx tickbook store list`)",
  });
}

/** Trades and book belong to every day; quotes only where the symbol has them at all. */
function expectedTypes(
  partitions: readonly StoredPartition[],
  symbol: string,
): readonly AuditedType[] {
  const own = partitions.filter(({ key }) => key.symbol === symbol);
  return AUDITED_TYPES.filter(
    (type) => type !== "quotes" || own.some(({ key }) => key.type === type),
  );
}

async function keptOrNew(
  store: Store,
  day: SymbolDay,
  partitions: readonly StoredPartition[],
  types: readonly AuditedType[],
  settings: AuditSettings,
): Promise<DayAudit> {
  const inputs = Object.fromEntries(
    partitions.map(({ key, manifest }) => [key.type, manifest.files]),
  );
  const state = JSON.stringify([AUDIT_VERSION, types, inputs, settings]);
  const key = createHash("sha256").update(state).digest("hex");
  const kept = await readKept(store, day, key);
  if (kept !== undefined) return kept;
  const { findings, hours } = await auditDay(store, day, types, settings);
  const origin = { key, inputs };
  await writeDerived(
    store,
    findingsFolder(day),
    {
      check: findings.map(({ check }) => check),
      record: findings.map((row) => JSON.stringify(row)),
    },
    origin,
  );
  const columns = {
    hour_start_us: Float64Array.from(hours, ({ hourUs }) => hourUs),
    type: hours.map(({ type }) => type),
    verdict: hours.map(({ verdict }) => verdict),
    reasons: hours.map(({ reasons }) => reasons.join(SEPARATOR)),
  };
  await writeDerived(store, auditFolder(day.exchange, day.symbol, day.date), columns, origin);
  return { findings, hours };
}

/** The day's stored verdicts; undefined when there are none, or they are damaged or of other data or settings. */
async function readKept(store: Store, day: SymbolDay, key: string): Promise<DayAudit | undefined> {
  const folders = [auditFolder(day.exchange, day.symbol, day.date), findingsFolder(day)] as const;
  for (const folder of folders) {
    const manifest = await wholeDerivedManifest(store, folder);
    if (manifest?.origin["key"] !== key) return undefined;
  }
  const hours = (await readDerived(store, folders[0])).columns;
  const findings = (await readDerived(store, folders[1])).columns;
  const text = (name: string): readonly string[] => hours[name] as readonly string[];
  return {
    findings: (findings["record"] as readonly string[]).map((row) => JSON.parse(row) as Finding),
    hours: Array.from(hours["hour_start_us"] as Float64Array, (hourUs, i) => ({
      type: text("type")[i] as AuditedType,
      hourUs,
      verdict: text("verdict")[i] as Verdict,
      reasons: text("reasons")
        [i]!.split(SEPARATOR)
        .filter((reason) => reason !== ""),
    })),
  };
}

function findingsFolder({ exchange, symbol, date }: SymbolDay): string {
  return `audit-findings/exchange=${exchange}/symbol=${symbol}/date=${date}`;
}
