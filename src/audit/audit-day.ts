import { DAY_US, dayStartUs, HOUR_US } from "../core/time.js";
import { AUDITED_TYPES, type AuditedType } from "../store/audited-types.js";
import { readManifest, type SymbolDay } from "../store/read.js";
import { readRejected } from "../store/read-rejected.js";
import type { Store } from "../store/store.js";
import { auditCandleDay } from "./candles/audit-candle-day.js";
import { absence } from "./checks/absence.js";
import { BookAmounts } from "./checks/book-amounts.js";
import { coverage, coveredTime, wholeDayAbsent } from "./checks/coverage.js";
import { gap } from "./checks/gap.js";
import { Reconnects } from "./checks/reconnect.js";
import { rejectedRow } from "./checks/rejected-row.js";
import { TradeIdCheck } from "./checks/trade-ids.js";
import type { CheckResult, Finding, HourMark } from "./finding.js";
import { type HourVerdict, hourVerdicts } from "./hour-verdict.js";
import { MarketWatch, type StreamFacts } from "./market-watch.js";
import { readDay } from "./read-day.js";
import type { AuditSettings } from "./settings.js";
import { type TickType, TypeChecks } from "./type-checks.js";

/** Types that show what the book's changes make. */
const VIEWS: ReadonlySet<TickType> = new Set(["quotes", "book_snapshot_25", "book_snapshot_5"]);

/** What a day of a symbol is worth, and why. */
export interface DayAudit {
  readonly findings: readonly Finding[];
  readonly hours: readonly HourVerdict[];
}

/**
 * Checks one day of a symbol in one pass: its types are read once, in arrival order, by all checks together.
 *
 * @param types - types that the day is expected to have; one that is missing is a finding of coverage
 * @throws {DataError} a partition is damaged
 */
export async function auditDay(
  store: Store,
  day: SymbolDay,
  types: readonly AuditedType[],
  settings: AuditSettings,
): Promise<DayAudit> {
  const dayUs = dayStartUs(day.date);
  const present = new Map<TickType, Readonly<Record<string, number>>>();
  const results: [AuditedType, CheckResult][] = [];
  for (const type of AUDITED_TYPES) {
    if (!types.includes(type) || type === "candles") continue;
    const manifest = await readManifest(store, { ...day, type });
    if (manifest !== undefined) present.set(type, manifest.rejected);
    else results.push([type, wholeDayAbsent(type, dayUs, `the store has no ${type} of this day`)]);
  }
  const checks = new Map(
    [...present.keys()].map((type) => [type, new TypeChecks(type, settings, dayUs)]),
  );
  const ids = new TradeIdCheck(settings);
  const reconnects = new Reconnects(settings.reconnect);
  const bookAmounts = new BookAmounts(settings.outlier);
  checks.get("incremental_book_L2")?.also(reconnects);
  checks.get("incremental_book_L2")?.also(bookAmounts);
  checks.get("trades")?.also(ids);
  const watch = new MarketWatch(new Set(present.keys()), settings);
  await readDay(store, day, checks, watch);

  const covered = new Map<AuditedType, ReadonlyMap<number, number>>(
    [...checks].map(([type, { pace }]) => [type, coveredTime(pace, dayUs, settings.coverage)]),
  );
  const coveredOf = (type: AuditedType): ReadonlyMap<number, number> =>
    covered.get(type) ?? new Map();
  const bookGaps = checks.get("incremental_book_L2")?.pace.gaps() ?? [];
  for (const [type, own] of checks) {
    const rejected = {
      counts: present.get(type)!,
      rows: await readRejected(store, { ...day, type }),
      dayUs,
    };
    const hasIds = type === "trades" && ids.areTold();
    const found = [
      coverage(type, own.pace, dayUs, settings.coverage),
      gap(type, own.pace, coveredOf(type), settings.gap, VIEWS.has(type) ? bookGaps : []),
      rejectedRow(type, rejected, own.pace, settings.rejectedRow),
      ...own.finish(),
      hasIds ? ids.duplicates() : own.duplicateBlocks(),
      ...(hasIds ? [ids.sequenceJumps()] : []),
      ...(type === "incremental_book_L2"
        ? [reconnects.finish(coveredOf(type)), bookAmounts.finish(own.pace)]
        : []),
    ];
    for (const result of found) results.push([type, result]);
  }
  const factsOf = (type: AuditedType): StreamFacts => ({
    covered: coveredOf(type),
    medianIntervalUs: checks.get(type as TickType)?.pace.intervalUs(0.5) ?? Number.NaN,
    gapUs: checks.get(type as TickType)?.pace.gapUs() ?? Number.NaN,
  });
  for (const result of watch.finish(factsOf)) {
    const [finding] = result.findings;
    if (finding !== undefined) results.push([finding.type, result]);
  }
  // Rows outside the day are told by coverage, and make no hours.
  const isOfDay = ({ hourUs }: HourMark): boolean => hourUs >= dayUs && hourUs < dayUs + DAY_US;
  const paces = new Map([...checks].map(([type, { pace }]) => [type, pace]));
  const hours = [...checks].flatMap(([type, { pace }]) =>
    hourVerdicts(type, coveredOf(type).keys(), {
      marks: [
        ...results.flatMap(([of, { marks }]) => marks.filter((mark) => (mark.type ?? of) === type)),
        ...absence(type, paces, dayUs),
      ].filter(isOfDay),
      messagesByHour: pace.messagesByHour,
      agreement: type === "incremental_book_L2" ? (hour) => watch.quoteAgreement(hour) : none,
    }),
  );
  if (!types.includes("candles")) return { findings: inOrder(findingsOf(results)), hours };
  const candles = await candleDay(store, day, settings);
  return {
    findings: inOrder([...findingsOf(results), ...candles.findings]),
    hours: [...hours, ...candles.hours],
  };
}

function findingsOf(results: readonly (readonly [AuditedType, CheckResult])[]): Finding[] {
  return results.flatMap(([, { findings }]) => findings);
}

/** A day of candles is judged whole: its hours are those of the day. */
async function candleDay(store: Store, day: SymbolDay, settings: AuditSettings): Promise<DayAudit> {
  const dayUs = dayStartUs(day.date);
  const found = await auditCandleDay(store, day, settings.candles);
  if (found === undefined) {
    const detail = "the store has no candles of this day";
    return { findings: wholeDayAbsent("candles", dayUs, detail).findings, hours: [] };
  }
  const hours = Array.from({ length: 24 }, (_, hour) => dayUs + hour * HOUR_US);
  const facts = { marks: found.marks, messagesByHour: found.candlesByHour, agreement: none };
  return { findings: found.findings, hours: hourVerdicts("candles", hours, facts) };
}

function none(): undefined {
  return undefined;
}

/** By type, then by place. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const rank = ({ type }: Finding): number => AUDITED_TYPES.indexOf(type);
  return [...findings].sort((a, b) => rank(a) - rank(b) || a.firstUs - b.firstUs);
}
