// The findings of an audit as tables.
import type { AuditResult, LocatedFinding } from "../audit/audit.js";
import { counted } from "../core/counted.js";
import { formatUtc } from "../core/time.js";
import { sizeText } from "./finding-sentence.js";
import type { Cell, Table, TableColumn } from "./table.js";
import { rankedFindings } from "./worst-findings.js";

/** Findings that the table of all lists. */
const MOST_LISTED = 60;

const COLUMNS: readonly TableColumn[] = [
  { name: "symbol" },
  { name: "day", kind: "short" },
  { name: "type", kind: "code" },
  { name: "check", kind: "short" },
  { name: "count" },
  { name: "size", kind: "short" },
  { name: "fatal" },
  { name: "first", unit: "UTC" },
  { name: "what was found", kind: "long" },
];

/** The worst findings, numbered as their pictures are. */
export function worstFindingsTable(worst: readonly LocatedFinding[]): Table {
  return {
    caption:
      worst.length === 0
        ? "The worst findings: there is none"
        : worst.length === 1
          ? "The worst finding, its picture below"
          : `The worst ${counted(worst.length, "finding")}, the pictures below in the same order`,
    columns: worst.length === 0 ? [] : [{ name: "no." }, ...COLUMNS],
    rows: worst.map((finding, i) => [i + 1, ...cellsOf(finding)]),
  };
}

/** All findings, the worst first; where there are very many, the worst of them. */
export function findingsTable(result: AuditResult): Table {
  const ranked = rankedFindings(result);
  const all = counted(ranked.length, "finding");
  const caption =
    ranked.length === 0
      ? "Findings: none"
      : ranked.length > MOST_LISTED
        ? `The worst ${MOST_LISTED.toLocaleString("en-US")} of ${all}; the command audit --json gives all of them`
        : ranked.length === 1
          ? "The one finding"
          : `All ${all}, the worst first`;
  const columns = ranked.length === 0 ? [] : COLUMNS;
  return { caption, columns, rows: ranked.slice(0, MOST_LISTED).map(cellsOf) };
}

function cellsOf(finding: LocatedFinding): readonly Cell[] {
  const { symbol, date, type, check, count, firstUs, isFatal, detail } = finding;
  const first = formatUtc(firstUs).slice(11);
  return [
    symbol,
    date,
    type,
    check,
    count,
    sizeText(finding),
    isFatal ? "yes" : "no",
    first,
    detail,
  ];
}
