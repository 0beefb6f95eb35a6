import { OptionError } from "../core/errors.js";
import { dayStartUs } from "../core/time.js";
import type { Store } from "../store/store.js";
import { absentDays, type DatedFinding } from "./absent-days.js";
import type { Finding } from "./finding.js";
import type { HourVerdict, Verdict } from "./hour-verdict.js";
import { judgeDays } from "./judge-days.js";
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
  const asked = [...stored].flatMap(([symbol, { days: present, typesOf }]) =>
    days.map((date) => ({ symbol, date, types: present.has(date) ? typesOf(date) : undefined })),
  );
  const judged = await judgeDays(store, exchange, asked, { settings, onProgress });
  const findings: LocatedFinding[] = [];
  const hours: LocatedHour[] = [];
  for (const [symbol, { types }] of stored) {
    const own = judged.filter((day) => day.symbol === symbol);
    const absent = own.filter(({ audited }) => audited === undefined).map(({ date }) => date);
    const found: DatedFinding[] = own.flatMap(({ date, audited }) =>
      (audited?.findings ?? []).map((finding) => ({ date, finding })),
    );
    for (const { date, audited } of own) {
      for (const hour of audited?.hours ?? []) hours.push({ ...hour, symbol, date });
    }
    found.push(...absentDays(absent, types));
    found.sort((a, b) => dayStartUs(a.date) - dayStartUs(b.date));
    findings.push(...found.map(({ date, finding }) => located(finding, symbol, date)));
  }
  return { exchange, symbols, days, verdict: overallVerdict(findings, hours), findings, hours };
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
