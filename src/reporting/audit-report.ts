// What did the audit find, said for a report?
import type { AuditResult } from "../audit/audit.js";
import { DAY_US, dateOf, dayStartUs, HOUR_US } from "../core/time.js";
import type { ReportFacts } from "./facts.js";
import type { HourVerdict } from "./figures/audit-calendar.js";
import type { Gap, gapTimelineFigure } from "./figures/gap-timeline.js";
import type { Table } from "./table.js";

const RANK = { good: 0, usable: 1, bad: 2 } as const;

/** One verdict for each symbol and hour: the worst of its types. */
export function hourCalendar({ hours }: AuditResult): readonly HourVerdict[] {
  const worst = new Map<string, HourVerdict>();
  for (const { symbol, hourUs, verdict } of hours) {
    const date = dateOf(hourUs);
    const hour = Math.floor((hourUs % DAY_US) / HOUR_US);
    const key = `${symbol} ${hourUs}`;
    const known = worst.get(key)?.verdict ?? "good";
    const kept = RANK[verdict] > RANK[known] ? verdict : known;
    worst.set(key, { symbol, date, hour, verdict: kept });
  }
  return [...worst.values()];
}

/** Gaps of every stream that was audited, over the days asked for. */
export function gapTimeline({
  findings,
  hours,
  days,
}: AuditResult): Parameters<typeof gapTimelineFigure>[0] {
  const gaps = findings
    .filter(({ check }) => check === "gap")
    .flatMap(({ symbol, type, spans }) =>
      (spans ?? []).map(([startUs, endUs]): Gap => ({ symbol, type, startUs, endUs })),
    );
  const streams = [...new Set(hours.map(({ symbol, type }) => `${symbol} ${type}`))];
  const fromUs = dayStartUs(days[0]!);
  return { gaps, streams, fromUs, toUs: dayStartUs(days.at(-1)!) + DAY_US };
}

/** The findings, the fatal ones first. */
export function findingsTable({ findings }: AuditResult): Table {
  const ordered = [...findings].sort((a, b) => Number(b.isFatal) - Number(a.isFatal));
  return {
    caption: findings.length === 0 ? "Findings: none" : "Findings",
    columns: [
      { name: "symbol" },
      { name: "day" },
      { name: "type", kind: "code" },
      { name: "check" },
      { name: "count" },
      { name: "first", unit: "UTC" },
      { name: "fatal" },
      { name: "what was found" },
    ],
    rows: ordered.map(({ symbol, date, type, check, count, first, isFatal, detail }) => [
      symbol,
      date,
      type,
      check,
      count,
      first.slice(11, 19),
      isFatal ? "yes" : "no",
      detail,
    ]),
  };
}

/** Hours by verdict, and findings that make everything built on the data doubtful. */
export function auditTotals(result: AuditResult): {
  readonly hours: number;
  readonly goodHours: number;
  readonly badHours: number;
  readonly findings: number;
  readonly fatalFindings: number;
} {
  const hours = hourCalendar(result);
  const count = (verdict: HourVerdict["verdict"]): number =>
    hours.filter((hour) => hour.verdict === verdict).length;
  return {
    hours: hours.length,
    goodHours: count("good"),
    badHours: count("bad"),
    findings: result.findings.length,
    fatalFindings: result.findings.filter(({ isFatal }) => isFatal).length,
  };
}

/** In words: hours by verdict and the commonest findings. */
export function auditFindings(result: AuditResult): string {
  const { hours, goodHours, badHours, findings } = auditTotals(result);
  if (findings === 0) return `Nothing was found in **${hours} hours**: every check held.`;
  const byCheck = new Map<string, number>();
  for (const { check, count } of result.findings) {
    byCheck.set(check, (byCheck.get(check) ?? 0) + count);
  }
  const names = [...byCheck].sort((a, b) => b[1] - a[1]).map(([check, n]) => `${check} (${n})`);
  return (
    `**${goodHours} of ${hours} hours are good**, ${badHours} are bad. ` +
    `Found, with how often: ${names.join(", ")}.`
  );
}

/** The notebook's answer: the audit's verdict and what it rests on. */
export function auditAnswer(result: AuditResult): ReportFacts {
  const { hours, goodHours, badHours, fatalFindings } = auditTotals(result);
  const share = `${goodHours} of ${hours} hours are good and ${badHours} bad`;
  const answers = {
    good: `Yes: ${share}, and no check found anything.`,
    usable: `With care: ${share}; nothing found is fatal, and bad hours are left out of training.`,
    bad: `No: ${share}, ${fatalFindings} findings are fatal; nothing built on this data can be trusted.`,
  };
  return {
    verdict: result.verdict,
    answer: answers[result.verdict],
    figures: { goodHours, hours },
  };
}
