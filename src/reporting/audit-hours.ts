// Which hours are good, usable and bad, and for which reasons?
import type { AuditResult, LocatedHour } from "../audit/audit.js";
import { worst } from "../audit/hour-verdict.js";
import { counted } from "../core/counted.js";
import { formatUtc } from "../core/time.js";
import { AUDITED_TYPES } from "../store/audited-types.js";
import { symbolHours } from "./audit-report.js";
import type { Table, TableColumn } from "./table.js";

/** Reasons that a type's row tells. */
const REASONS_TOLD = 3;

/** Hours that are listed. */
const HOURS_LISTED = 25;

/** Reasons of an hour that are listed. */
const REASONS_LISTED = 6;

const RANK = { good: 0, usable: 1, bad: 2 } as const;

const HOUR_COLUMNS: readonly TableColumn[] = [
  { name: "symbol" },
  { name: "hour", unit: "UTC", kind: "short" },
  { name: "verdict", kind: "verdict" },
  { name: "reasons", kind: "long" },
];

/** Hours by verdict for each symbol and type, with the commonest reasons. */
export function verdictTable({ symbols, hours }: AuditResult): Table {
  const rows = symbols.flatMap((symbol) =>
    AUDITED_TYPES.flatMap((type) => {
      const own = hours.filter((hour) => hour.symbol === symbol && hour.type === type);
      if (own.length === 0) return [];
      const count = (verdict: LocatedHour["verdict"]): number =>
        own.filter((hour) => hour.verdict === verdict).length;
      const counts = [count("good"), count("usable"), count("bad")];
      const verdict = worst(own.map((hour) => hour.verdict));
      return [[symbol, type, verdict, ...counts, commonReasons(own)]];
    }),
  );
  return {
    caption:
      "Hours by verdict and type; the reasons that most hours have, each with its largest case",
    columns: [
      { name: "symbol" },
      { name: "type", kind: "code" },
      { name: "worst hour", kind: "verdict" },
      { name: "good" },
      { name: "usable" },
      { name: "bad" },
      { name: "commonest reasons", kind: "long" },
    ],
    rows,
  };
}

/** The hours that are not good, the worst first, each with its reasons. */
export function doubtfulHoursTable(result: AuditResult): Table {
  const doubtful = symbolHours(result)
    .filter(({ verdict }) => verdict !== "good")
    .sort((a, b) => RANK[b.verdict] - RANK[a.verdict] || b.reasons.length - a.reasons.length);
  const listed = doubtful.slice(0, HOURS_LISTED);
  const all = counted(doubtful.length, "hour");
  const caption =
    doubtful.length === 0
      ? "Hours that are not good: none"
      : listed.length < doubtful.length
        ? `The worst ${listed.length.toLocaleString("en-US")} of ${all} that are not good`
        : `${all} ${doubtful.length === 1 ? "is" : "are"} not good`;
  return {
    caption,
    columns: listed.length === 0 ? [] : HOUR_COLUMNS,
    rows: listed.map(({ symbol, hourUs, verdict, reasons }) => {
      const more = reasons.length - REASONS_LISTED;
      const told = joined(reasons.slice(0, REASONS_LISTED));
      const text = more > 0 ? `${told} · and ${more} more` : told;
      return [symbol, formatUtc(hourUs).slice(0, 16), verdict, text];
    }),
  };
}

/** Reasons alike but for their numbers, by how many hours have them; each told by the one with the largest first number. */
function commonReasons(hours: readonly LocatedHour[]): string {
  const kinds = new Map<string, { hours: number; largest: string }>();
  for (const reason of hours.flatMap(({ reasons }) => reasons)) {
    const kind = reason.replace(/-?\d+([.,]\d+)*/g, "#");
    const known = kinds.get(kind);
    const isLarger = known === undefined || firstNumber(reason) > firstNumber(known.largest);
    kinds.set(kind, {
      hours: (known?.hours ?? 0) + 1,
      largest: isLarger ? reason : known.largest,
    });
  }
  const ordered = [...kinds.values()].sort((a, b) => b.hours - a.hours);
  const told = ordered
    .slice(0, REASONS_TOLD)
    .map(({ hours: count, largest }) => `${largest} (${counted(count, "hour")})`);
  const more = ordered.length - told.length;
  return [...told, ...(more > 0 ? [`${more} more`] : [])].join("; ");
}

/** Reasons of one type behind each other: "trades: 81 s without messages, 3 trades came twice · quotes: …". */
function joined(reasons: readonly string[]): string {
  const byTypes = new Map<string, string[]>();
  for (const reason of reasons) {
    const [types = "", ...words] = reason.split(": ");
    byTypes.set(types, [...(byTypes.get(types) ?? []), words.join(": ")]);
  }
  return [...byTypes].map(([types, words]) => `${types}: ${words.join("; ")}`).join(" · ");
}

function firstNumber(text: string): number {
  return Number((/\d[\d,]*(\.\d+)?/.exec(text)?.[0] ?? "0").replaceAll(",", ""));
}
