// What did the audit find, said for a report?
import type { AuditResult } from "../audit/audit.js";
import { worst } from "../audit/hour-verdict.js";
import { badStreams } from "../audit/overall-verdict.js";
import { counted } from "../core/counted.js";
import type { ReportFacts } from "./facts.js";
import { rankedFindings } from "./worst-findings.js";

type Verdict = AuditResult["verdict"];

/** The audit's verdict on one symbol's hour: the worst of its types. */
export interface SymbolHour {
  readonly symbol: string;
  /** `yyyy-mm-dd` */
  readonly date: string;
  /** Start, µs. */
  readonly hourUs: number;
  readonly verdict: Verdict;
  /** "trades, quotes: 81 s without messages", those of bad types first. */
  readonly reasons: readonly string[];
}

/** One verdict for each symbol and hour. */
export function symbolHours({ hours }: Pick<AuditResult, "hours">): readonly SymbolHour[] {
  const groups = new Map<string, AuditResult["hours"][number][]>();
  for (const hour of hours) {
    const key = `${hour.symbol} ${hour.hourUs}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [hour]);
    else known.push(hour);
  }
  return [...groups.values()].map((own) => {
    const { symbol, date, hourUs } = own[0]!;
    const verdict = worst(own.map((hour) => hour.verdict));
    return { symbol, date, hourUs, verdict, reasons: sharedReasons(own) };
  });
}

/** Each reason once, with all types that have it; those of bad types first. */
function sharedReasons(hours: readonly AuditResult["hours"][number][]): readonly string[] {
  const types = new Map<string, string[]>();
  const ordered = [...hours].sort(
    (a, b) => Number(b.verdict === "bad") - Number(a.verdict === "bad"),
  );
  for (const { type, reasons } of ordered) {
    for (const reason of reasons) types.set(reason, [...(types.get(reason) ?? []), type]);
  }
  return [...types].map(([reason, own]) => `${own.join(", ")}: ${reason}`);
}

/** Hours by verdict, and findings that make everything built on the data doubtful. */
export interface AuditTotals {
  readonly hours: number;
  readonly goodHours: number;
  readonly usableHours: number;
  readonly badHours: number;
  readonly findings: number;
  readonly fatalFindings: number;
}

/** Counts of an audit; an hour counts once, with the worst verdict of its types. */
export function auditTotals(result: Pick<AuditResult, "hours" | "findings">): AuditTotals {
  const hours = symbolHours(result);
  const count = (verdict: Verdict): number =>
    hours.filter((hour) => hour.verdict === verdict).length;
  return {
    hours: hours.length,
    goodHours: count("good"),
    usableHours: count("usable"),
    badHours: count("bad"),
    findings: result.findings.length,
    fatalFindings: result.findings.filter(({ isFatal }) => isFatal).length,
  };
}

/** "BTCUSDT 60 of 72 hours good, 2 bad": the hours of each symbol. */
function symbolWords(result: Pick<AuditResult, "symbols" | "hours">): readonly string[] {
  const hours = symbolHours(result);
  return result.symbols.map((symbol) => {
    const own = hours.filter((hour) => hour.symbol === symbol);
    if (own.length === 0) return `${symbol} has no hour with data`;
    const good = own.filter(({ verdict }) => verdict === "good").length;
    const bad = own.filter(({ verdict }) => verdict === "bad").length;
    return `${symbol} ${good.toLocaleString("en-US")} of ${counted(own.length, "hour")} good, ${bad.toLocaleString("en-US")} bad`;
  });
}

/** In words: hours by verdict, the checks that struck, and what they mean for what is built on the data. */
export function auditFindings(result: AuditResult): string {
  const { hours, goodHours, usableHours, badHours, findings } = auditTotals(result);
  if (findings === 0)
    return `Nothing was found in **${counted(hours, "hour")}**: every check held.`;
  const struck = [...new Set(rankedFindings(result).map(({ check }) => check))];
  const named = struck.map(
    (check) => `${check} (${result.findings.filter((finding) => finding.check === check).length})`,
  );
  return (
    `**${goodHours.toLocaleString("en-US")} of ${counted(hours, "hour")} ${goodHours === 1 ? "is" : "are"} good**, ` +
    `${usableHours.toLocaleString("en-US")} usable and ${badHours.toLocaleString("en-US")} bad. Bad hours are left out of training. ` +
    `${counted(findings, "finding")}, the worst check first, with the days and types in which each struck: ${named.join(", ")}.`
  );
}

/** Streams that are named in an answer. */
const STREAMS_NAMED = 5;

/** Which types of which symbols are bad as a whole, with their hours. */
function badWords({ hours }: Pick<AuditResult, "hours">): string {
  const streams = badStreams(hours);
  if (streams.length === 0) return "";
  const named = streams.slice(0, STREAMS_NAMED).map(({ symbol, type, badHours, hours: all }) => {
    return `${symbol} ${type} (${badHours.toLocaleString("en-US")} of ${counted(all, "hour")})`;
  });
  const more = streams.length - named.length;
  if (more > 0) named.push(`${more.toLocaleString("en-US")} more`);
  return `; at least half of their hours are bad: ${named.join(", ")}`;
}

function fatalWords(findings: number, fatal: number): string {
  if (fatal === 0) return findings === 1 ? "not fatal" : "none of them fatal";
  const which = findings === 1 ? "fatal" : `${fatal.toLocaleString("en-US")} of them fatal`;
  return `${which}: nothing built on this data can be trusted`;
}

/** The notebook's answer: the audit's verdict and what it rests on, by symbol. */
export function auditAnswer(result: AuditResult): ReportFacts {
  const { hours, goodHours, badHours, findings, fatalFindings } = auditTotals(result);
  const bySymbol = symbolWords(result).join("; ");
  const found = findings === 0 ? "no check found anything" : counted(findings, "finding");
  const fatal = findings === 0 ? "" : `, ${fatalWords(findings, fatalFindings)}`;
  const answers = {
    good: `Yes: ${bySymbol}; ${found}.`,
    usable: `With care: ${bySymbol}; ${found}${fatal}; bad hours are left out of training.`,
    bad: `No: ${bySymbol}; ${found}${fatal}${badWords(result)}.`,
  };
  return {
    verdict: result.verdict,
    answer: answers[result.verdict],
    figures: { goodHours, hours, badHours, findings, fatalFindings },
  };
}
