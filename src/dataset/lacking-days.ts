// On which days of a symbol does the data lack the book, or the trades, that features are made from?
import { OptionError } from "../core/errors.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { FEATURES } from "../features/catalogue.js";
import type { DaySource } from "../features/lacks-source.js";
import type { ColumnSet } from "./column-sets.js";
import type { SymbolFeatures } from "./symbol-features.js";

/** What a stored day's features were made from. */
export interface SourceDay {
  readonly date: string;
  readonly source: DaySource;
}

/** Days of a symbol that lack a kind of data. */
export interface LackingDays {
  readonly symbol: string;
  readonly what: "book" | "trades";
  /** In order, at least one. */
  readonly days: readonly string[];
  /** Days that are stored. Those that are not are a gap, as an outage is. */
  readonly of: number;
}

/** Runs of days that a message names, before it ends. */
const NAMED_RUNS = 5;

/** What some of a symbol's stored days lack. */
export function lackingDays(symbol: string, sources: readonly SourceDay[]): readonly LackingDays[] {
  const lacking = (what: LackingDays["what"], lacks: (source: DaySource) => boolean) => {
    const days = sources.filter(({ source }) => lacks(source)).map(({ date }) => date);
    return days.length === 0 ? [] : [{ symbol, what, days, of: sources.length }];
  };
  return [
    ...lacking("book", ({ tag }) => tag === "trades"),
    ...lacking("trades", ({ hasTrades }) => !hasTrades),
  ];
}

/** What the days were made from that a symbol's features were read of. */
export function sourceDays(
  { parts, barEndUs }: Pick<SymbolFeatures, "parts" | "barEndUs">,
  barUs: number,
): readonly SourceDay[] {
  return parts
    .filter(({ from, to }) => to > from)
    .map(({ from, source }) => ({ date: dateOf(barEndUs[from]! - barUs), source }));
}

/** "ETHUSDT has no book on 3 of 5 days (2024-02-05 to 2024-02-07)". */
export function lackingText({ symbol, what, days, of }: LackingDays): string {
  return `${symbol} has no ${what} on ${days.length} of ${of} days (${runsText(days)})`;
}

/** Those of some features that no symbol lacks the data of on all of its days. */
export function withSource(
  names: readonly string[],
  lacking: readonly LackingDays[],
): readonly string[] {
  const absent = lacking.filter(({ days, of }) => days.length === of);
  return names.filter((name) => !absent.some(({ what }) => needs(name, what)));
}

/**
 * Checks that a set's columns have a source: on a day without one they are missing as they are in an outage, on most of a symbol's
 * days they are not there.
 *
 * @param names - of the set's features
 * @throws {OptionError} a symbol lacks the data of some of them on most of its days; names these
 */
export function requireSource(
  set: ColumnSet,
  names: readonly string[],
  lacking: readonly LackingDays[],
): void {
  for (const what of ["book", "trades"] as const) {
    const columns = names.filter((name) => needs(name, what));
    const most = lacking.filter((one) => one.what === what && 2 * one.days.length > one.of);
    if (columns.length === 0 || most.length === 0) continue;
    const mend = `ingest the ${what} of these days and run \`npx tickbook features\` again`;
    const leave = "leave these days or the symbol out";
    throw new OptionError({
      column: columns.join(", "),
      message: `needs ${what === "book" ? "an order book" : "trades"}, and ${most.map(lackingText).join(", ")}`,
      fix:
        set === "full" && what === "book"
          ? `${mend}, ${leave}, or give --columns base`
          : `${mend}, or ${leave}`,
    });
  }
}

function needs(name: string, what: LackingDays["what"]): boolean {
  return FEATURES.find((feature) => feature.name === name)?.inputs.includes(what) === true;
}

/** Days that follow one another as one: "2024-02-05 to 2024-02-07, 2024-02-09". */
function runsText(days: readonly string[]): string {
  const runs: [first: string, last: string][] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run !== undefined && dateOf(dayStartUs(run[1]) + DAY_US) === day) run[1] = day;
    else runs.push([day, day]);
  }
  const told = runs.map(([first, last]) => (first === last ? first : `${first} to ${last}`));
  return (told.length > NAMED_RUNS ? [...told.slice(0, NAMED_RUNS), "…"] : told).join(", ");
}
