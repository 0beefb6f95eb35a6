// Which ten findings should be looked at first?
import type { AuditResult, LocatedFinding } from "../audit/audit.js";
import { CHECK_NAMES, type CheckName, type Span } from "../audit/finding.js";
import { DAY_US, HOUR_US } from "../core/time.js";
import { shownPlace } from "./pictures/finding-window.js";

/** How bad a finding is. */
interface Rank {
  readonly isFatal: boolean;
  /** Bad hours of its type that it may have made bad. */
  readonly badHours: number;
  /** Share of the day's time that its stretches take, or of its messages; the larger. */
  readonly share: number;
}

/** Checks that do not make an hour bad, however long they strike: nothing in a finding tells of it. */
const NEVER_BAD: ReadonlySet<CheckName> = new Set([
  "clock-offset",
  "clock-drift",
  "regime-break",
  "locked-book",
]);

/** A stretch that takes less than this share of a bad hour did not make it bad; single rows may have. */
const LEAST_SHARE = 0.01;

/** So many of one check of one symbol come before more of it, so that different things are seen. */
const MOST_OF_ONE = 2;

/**
 * The findings in order of how bad they are: fatal first, then those that make hours bad, then by the share of the day that they
 * affect; of equals by check, symbol and time.
 */
export function rankedFindings({
  findings,
  hours,
}: Pick<AuditResult, "findings" | "hours">): readonly LocatedFinding[] {
  const byStream = new Map<string, AuditResult["hours"][number][]>();
  for (const hour of hours) {
    const own = byStream.get(streamOf(hour));
    if (own === undefined) byStream.set(streamOf(hour), [hour]);
    else own.push(hour);
  }
  const ranked = findings.map((finding) => {
    return { finding, rank: rankOf(finding, byStream.get(streamOf(finding)) ?? []) };
  });
  return ranked
    .sort((a, b) => compareRanks(a.rank, b.rank) || comparePlaces(a.finding, b.finding))
    .map(({ finding }) => finding);
}

/**
 * The worst findings, most of them of different kinds and in different places. A fatal finding is never left out for one that
 * is not; of the others, each check gives one before any gives a second, and none that only tells of a stretch that another
 * shows already while there are others. What one check tells of several types at one place counts once, and a check of one
 * symbol gives more than two only where nothing else is left.
 *
 * @param options.most - how many at most
 * @returns in order of how bad they are
 */
export function worstFindings(
  result: Pick<AuditResult, "findings" | "hours">,
  { most = 10 }: { readonly most?: number } = {},
): readonly LocatedFinding[] {
  const ranked = rankedFindings(result);
  const chosen = new Set<LocatedFinding>();
  for (const isFatal of [true, false]) {
    const own = ranked.filter((finding) => finding.isFatal === isFatal);
    if (!isFatal) {
      take(own, chosen, most, { of: checkOf, atMost: 1, isNear: isSamePlace });
    }
    take(own, chosen, most, { of: checkOf, atMost: 1, isNear: isSameEvent });
    for (const atMost of [1, MOST_OF_ONE, most]) {
      take(own, chosen, most, { of: checkOfSymbol, atMost, isNear: isSameEvent });
    }
  }
  return ranked.filter((finding) => chosen.has(finding));
}

/** Adds the first findings of each kind until there are enough. */
function take(
  ranked: readonly LocatedFinding[],
  chosen: Set<LocatedFinding>,
  most: number,
  {
    of,
    atMost,
    isNear,
  }: {
    readonly of: (finding: LocatedFinding) => string;
    readonly atMost: number;
    /** Leaves out a finding that one that is chosen shows already. */
    readonly isNear: (chosen: LocatedFinding, other: LocatedFinding) => boolean;
  },
): void {
  const counts = new Map<string, number>();
  const count = (finding: LocatedFinding): number => counts.get(of(finding)) ?? 0;
  for (const finding of chosen) counts.set(of(finding), count(finding) + 1);
  for (const finding of ranked) {
    if (chosen.size >= most) return;
    if (chosen.has(finding) || count(finding) >= atMost) continue;
    if ([...chosen].some((other) => isNear(other, finding))) continue;
    chosen.add(finding);
    counts.set(of(finding), count(finding) + 1);
  }
}

/** Whether the stretches that are shown of two findings of one symbol are mostly the same. */
function isSamePlace(a: LocatedFinding, b: LocatedFinding): boolean {
  if (a.symbol !== b.symbol) return false;
  const [startA, endA] = shownPlace(a);
  const [startB, endB] = shownPlace(b);
  const sharedUs = Math.min(endA, endB) - Math.max(startA, startB);
  return sharedUs >= 0 && sharedUs >= Math.max(endA - startA, endB - startB) / 2;
}

/** The same thing, told of another type. */
function isSameEvent(a: LocatedFinding, b: LocatedFinding): boolean {
  return a.check === b.check && isSamePlace(a, b);
}

function checkOf({ check }: LocatedFinding): string {
  return check;
}

function checkOfSymbol({ check, symbol }: LocatedFinding): string {
  return `${check} ${symbol}`;
}

function rankOf(finding: LocatedFinding, hours: AuditResult["hours"]): Rank {
  const { isFatal, check, spans, count, unit } = finding;
  const badHours = NEVER_BAD.has(check)
    ? []
    : hours.filter(({ verdict, hourUs }) => verdict === "bad" && strikes(spans, hourUs));
  const spanUs = spans.reduce((sum, [startUs, endUs]) => sum + endUs - startUs, 0);
  const messages = hours.reduce((sum, hour) => sum + hour.messages, 0);
  const isOfRows = unit !== "s" && unit !== "s a day" && messages > 0;
  const rowShare = isOfRows ? Math.min(1, count / messages) : 0;
  return { isFatal, badHours: badHours.length, share: Math.max(spanUs / DAY_US, rowShare) };
}

function strikes(spans: readonly Span[], hourUs: number): boolean {
  const own = spans.filter(([startUs, endUs]) => startUs < hourUs + HOUR_US && endUs >= hourUs);
  const isOfRows = own.some(([startUs, endUs]) => startUs === endUs);
  const timeUs = own.reduce(
    (sum, [startUs, endUs]) => sum + Math.min(endUs, hourUs + HOUR_US) - Math.max(startUs, hourUs),
    0,
  );
  return isOfRows || timeUs >= LEAST_SHARE * HOUR_US;
}

function compareRanks(a: Rank, b: Rank): number {
  return Number(b.isFatal) - Number(a.isFatal) || b.badHours - a.badHours || b.share - a.share;
}

function comparePlaces(a: LocatedFinding, b: LocatedFinding): number {
  const check = (finding: LocatedFinding): number => CHECK_NAMES.indexOf(finding.check);
  return (
    check(a) - check(b) ||
    compareText(a.symbol, b.symbol) ||
    a.firstUs - b.firstUs ||
    compareText(a.type, b.type)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function streamOf({
  symbol,
  date,
  type,
}: Pick<LocatedFinding, "symbol" | "date" | "type">): string {
  return `${symbol} ${date} ${type}`;
}
