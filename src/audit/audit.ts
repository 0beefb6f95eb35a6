import { OptionError } from "../core/errors.js";
import { AUDITED_TYPES, type AuditedType } from "../store/audited-types.js";
import { candleFolder } from "../store/candle-table.js";
import { readDerivedManifest } from "../store/derived.js";
import { listPartitions } from "../store/list.js";
import type { Manifest } from "../store/manifest.js";
import type { Store } from "../store/store.js";
import type { Finding } from "./finding.js";
import { type HourVerdict, type Verdict, worst } from "./hour-verdict.js";
import { keptOrNew } from "./kept-or-new.js";
import { loadAuditSettings } from "./load-settings.js";
import type { AuditSettings } from "./settings.js";

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
  /** Bad when a finding is fatal or at least half of the hours are bad; good when nothing was found. */
  readonly verdict: Verdict;
  readonly findings: readonly LocatedFinding[];
  readonly hours: readonly LocatedHour[];
}

/** Types of which a day of ticks has one: what tells of the book. */
const BOOK_TYPES: readonly AuditedType[] = [
  "incremental_book_L2",
  "book_snapshot_25",
  "book_snapshot_5",
];

/**
 * Checks days of symbols and stores the verdict of every hour beside the data; days whose data and settings have not
 * changed are read back instead.
 *
 * @throws {OptionError} there is no data of that exchange, those symbols and days
 * @throws {DataError} a partition is damaged, or is replaced again and again
 */
export async function audit(store: Store, request: AuditRequest): Promise<AuditResult> {
  const { exchange, symbols, days, settings = loadAuditSettings(), onProgress } = request;
  const stored = await findDays(store, request);
  const findings: LocatedFinding[] = [];
  const hours: LocatedHour[] = [];
  const total = symbols.length * days.length;
  let done = 0;
  for (const symbol of symbols) {
    const own = stored.filter((day) => day.symbol === symbol);
    const types = expectedTypes(own);
    for (const { date } of own) {
      const day = await keptOrNew(store, { exchange, symbol, date }, types, settings);
      if (day === undefined) continue;
      for (const finding of day.findings) {
        const first = new Date(finding.firstUs / 1000).toISOString();
        findings.push({ ...finding, symbol, date, first });
      }
      for (const hour of day.hours) hours.push({ ...hour, symbol, date });
      onProgress?.(++done, total);
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

/** What the store has of a symbol's day, by type: the files that an audit reads. */
interface StoredDay {
  readonly symbol: string;
  readonly date: string;
  readonly files: Readonly<Partial<Record<AuditedType, Manifest["files"]>>>;
}

async function findDays(
  store: Store,
  { exchange, symbols, days }: AuditRequest,
): Promise<readonly StoredDay[]> {
  const types = AUDITED_TYPES.filter((type) => type !== "candles");
  const partitions = await listPartitions(store, { exchange, symbols, types });
  const found: StoredDay[] = [];
  for (const symbol of symbols) {
    for (const date of days) {
      const own = partitions.filter(({ key }) => key.symbol === symbol && key.date === date);
      const ticks = own.map(({ key, manifest }) => [key.type, manifest.files] as const);
      const candles = await readDerivedManifest(store, candleFolder({ exchange, symbol, date }));
      const all = candles === undefined ? ticks : [...ticks, ["candles", candles.files] as const];
      found.push({ symbol, date, files: Object.fromEntries(all) });
    }
  }
  if (found.some(({ files }) => Object.keys(files).length > 0)) return found;
  throw new OptionError({
    column: "--exchange, --symbols, --from",
    message: `named ${exchange} ${symbols.join(", ")} from ${days[0]}, of which the store has nothing`,
    fix: "fetch it with `npx tickbook ingest`, or name what is there (`npx tickbook store list`)",
  });
}

/**
 * Trades and a book belong to every day of ticks; the other types, and candles, only where the symbol has them at all.
 */
function expectedTypes(days: readonly StoredDay[]): readonly AuditedType[] {
  const own = new Set(days.flatMap(({ files }) => Object.keys(files) as AuditedType[]));
  if (own.size === 0 || [...own].some((type) => type !== "candles")) {
    own.add("trades");
    if (!BOOK_TYPES.some((type) => own.has(type))) own.add("incremental_book_L2");
  }
  return AUDITED_TYPES.filter((type) => own.has(type));
}
