import { OptionError } from "../core/errors.js";
import { dayStartUs } from "../core/time.js";
import type { Store } from "../store/store.js";
import { absentDays, type DatedFinding } from "./absent-days.js";
import { damagedDay } from "./damaged-day.js";
import type { Finding } from "./finding.js";
import type { HourVerdict, Verdict } from "./hour-verdict.js";
import { keptOrNew } from "./kept-or-new.js";
import { loadAuditSettings } from "./load-settings.js";
import { overallVerdict } from "./overall-verdict.js";
import type { AuditSettings } from "./settings.js";
import { type StoredSymbol, storedSymbols } from "./stored-symbols.js";

/** What to audit. */
export interface AuditRequest {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `yyyy-mm-dd` each. */
  readonly days: readonly string[];
  /** Those of the project's settings file when left out. */
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
  /** Bad when a finding is fatal or at least half of the hours of any symbol's type are bad; good when nothing was found. */
  readonly verdict: Verdict;
  readonly findings: readonly LocatedFinding[];
  readonly hours: readonly LocatedHour[];
}

/**
 * Checks days of symbols and stores the verdict of every hour beside the data; days whose data and settings have not
 * changed are read back instead. A day of which the store has nothing is told, and nothing is stored of it; nor is of a day with
 * a partition that cannot be read, which is a fatal finding.
 *
 * @throws {OptionError} the store has nothing of one of the symbols on the days
 * @throws {DataError} a partition is replaced again and again, or stored verdicts are of another version of the store
 */
export async function audit(store: Store, request: AuditRequest): Promise<AuditResult> {
  const { exchange, symbols, days, settings = loadAuditSettings(), onProgress } = request;
  const stored = await storedSymbols(store, exchange, symbols);
  requireStored(request, stored);
  const findings: LocatedFinding[] = [];
  const hours: LocatedHour[] = [];
  const total = stored.size * days.length;
  let done = 0;
  for (const [symbol, { days: present, types, typesOf }] of stored) {
    const absent: string[] = [];
    const found: DatedFinding[] = [];
    for (const date of days) {
      const key = { exchange, symbol, date };
      const isThere = present.has(date);
      const day = isThere ? await judged(store, key, typesOf(date), settings) : undefined;
      if (day === undefined) absent.push(date);
      for (const finding of day?.findings ?? []) found.push({ date, finding });
      for (const hour of day?.hours ?? []) hours.push({ ...hour, symbol, date });
      onProgress?.(++done, total);
    }
    found.push(...absentDays(absent, types));
    found.sort((a, b) => dayStartUs(a.date) - dayStartUs(b.date));
    findings.push(...found.map(({ date, finding }) => located(finding, symbol, date)));
  }
  return { exchange, symbols, days, verdict: overallVerdict(findings, hours), findings, hours };
}

/** A day's verdicts, or what keeps it from having any: one damaged partition leaves the other days their verdicts. */
async function judged(...asked: Parameters<typeof keptOrNew>): ReturnType<typeof keptOrNew> {
  try {
    return await keptOrNew(...asked);
  } catch (error) {
    const finding = damagedDay(asked[1], error);
    if (finding === undefined) throw error;
    return { findings: [finding], hours: [] };
  }
}

function located(finding: Finding, symbol: string, date: string): LocatedFinding {
  return { ...finding, symbol, date, first: new Date(finding.firstUs / 1000).toISOString() };
}

/** A symbol that is not there is a slip of the pen, whatever there is of others. */
function requireStored(
  { exchange, days }: AuditRequest,
  stored: ReadonlyMap<string, StoredSymbol>,
): void {
  const missing = [...stored].filter(([, own]) => !days.some((date) => own.days.has(date)));
  if (missing.length === 0) return;
  const names = missing.map(([symbol]) => symbol).join(", ");
  const last = days.length > 1 ? ` to ${days.at(-1)}` : "";
  throw new OptionError({
    column: "--exchange, --symbols, --from",
    message: `named ${exchange} ${names} from ${days[0]}${last}, of which the store has nothing`,
    fix: "fetch it with `npx tickbook ingest`, or name what is there (`npx tickbook store list`)",
  });
}
