// What an audit found, as lines for people: the verdict, the findings, the hours, and where to look next.
import pc from "picocolors";
import type { AuditResult, LocatedFinding } from "../audit/audit.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { verdictTable } from "../reporting/audit-hours.js";
import { auditAnswer } from "../reporting/audit-report.js";
import { sizeText } from "../reporting/finding-sentence.js";
import { type Table, tableText } from "../reporting/table.js";
import { verdictShape } from "../reporting/verdict.js";
import { rankedFindings } from "../reporting/worst-findings.js";

/** Columns of the table of hours that a terminal has room for. */
const HOUR_COLUMNS: readonly string[] = ["symbol", "type", "good", "usable", "bad"];

/** The verdict in one line, coloured on a terminal. */
export function verdictLine(result: AuditResult): string {
  const { verdict } = result;
  const colour = { good: pc.green, usable: pc.yellow, bad: pc.red }[verdict];
  return `${colour(`${verdictShape(verdict)} ${verdict}`)}  ${auditAnswer(result).answer}`;
}

/** One aligned line a finding below its symbol and day; days and findings with the worst first. */
export function findingLines(result: AuditResult): readonly string[] {
  const days = new Map<string, LocatedFinding[]>();
  for (const finding of rankedFindings(result)) {
    const day = `${finding.symbol} ${finding.date}`;
    days.set(day, [...(days.get(day) ?? []), finding]);
  }
  const widths = columnWidths(result.findings.map(cellsOf));
  return [...days].flatMap(([day, findings]) => [
    pc.bold(day),
    ...findings.map((finding) => findingLine(finding, widths)),
    "",
  ]);
}

/** Hours by verdict for each symbol and type. */
export function hourLines(result: AuditResult): readonly string[] {
  const { columns, rows, caption } = verdictTable(result);
  const kept = columns.flatMap(({ name }, i) => (HOUR_COLUMNS.includes(name) ? [i] : []));
  const table: Table = {
    caption,
    columns: kept.map((i) => columns[i]!),
    rows: rows.map((row) => kept.map((i) => row[i]!)),
  };
  return ["hours by verdict", tableText(table), ""];
}

/** The command that shows the ticks around what was found. */
export function nextLine({ exchange, symbols, days }: AuditResult): string {
  const to = dateOf(dayStartUs(days.at(-1)!) + DAY_US);
  const params = JSON.stringify({ exchange, symbols: symbols.join(","), from: days[0], to });
  return `look next: npx tickbook notebooks 02 --params '${params}' (calendar, and the ticks around the worst findings)`;
}

/** Check, type, how often, how large. */
type Cells = readonly [string, string, string, string];

function cellsOf(finding: LocatedFinding): Cells {
  const { check, type, count } = finding;
  return [check, type, count.toLocaleString("en-US"), sizeText(finding)];
}

function columnWidths(rows: readonly Cells[]): readonly number[] {
  const widths = [0, 0, 0, 0];
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i]!, cell.length);
    });
  }
  return widths;
}

function findingLine(finding: LocatedFinding, widths: readonly number[]): string {
  const [check, type, count, size] = cellsOf(finding);
  const mark = finding.isFatal ? pc.red("■ fatal") : "       ";
  const aligned = [
    check.padEnd(widths[0]!),
    type.padEnd(widths[1]!),
    count.padStart(widths[2]!),
    size.padStart(widths[3]!),
  ].join("  ");
  const at = finding.first.slice(11, 19);
  return `${mark} ${aligned}  ${at}  ${finding.detail}`;
}
