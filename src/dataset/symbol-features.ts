// The one door through which models get stored features: never without their verdicts, never with stale ones.
import { concatenate } from "../core/columns.js";
import { OptionError } from "../core/errors.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import { featuresFolder, type RowSource } from "../features/feature-partition.js";
import type { RowVerdict } from "../features/hourly-verdicts.js";
import type { BookSource } from "../market/book-source.js";
import { readDerived, readDerivedManifest } from "../store/derived.js";
import type { Store } from "../store/store.js";
import { requireFresh, type StaleDay, staleDay } from "./stale-features.js";

/** Stored features of one symbol, days one after the other. */
export interface SymbolFeatures {
  readonly barEndUs: Float64Array;
  /** Mid at the bar's end; NaN without a valid book. */
  readonly mid: Float64Array;
  /** Values by feature name. */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** Verdict of the bar's hour: what the present audit says of the very data, or `unknown`. */
  readonly verdict: readonly RowVerdict[];
  /** Kind of data that the book was made from; undefined where no day has one. */
  readonly bookSource: BookSource | undefined;
}

/** Whose features to read. */
export interface SymbolRange {
  readonly exchange: string;
  readonly symbol: string;
  readonly days: readonly string[];
  readonly barUs: number;
}

/**
 * Reads the features of the days that have any. Days that nobody audited are let through, as `unknown`: whoever trains on
 * them is told how many rows that are, and no gate passes on them.
 *
 * @param ranges - the same market and bars, a symbol each
 * @param names - features to read
 * @returns features of each range
 * @throws {OptionError} an audit or new data came after the features were joined; names the commands that mend it
 * @throws {DataError} a table is damaged, or has no such column
 */
export async function symbolFeatures(
  store: Store,
  ranges: readonly SymbolRange[],
  names: readonly string[],
): Promise<readonly SymbolFeatures[]> {
  const stale: StaleDay[] = [];
  const features: SymbolFeatures[] = [];
  for (const range of ranges) {
    const tables = await freshTables(store, range, names, stale);
    features.push(joinDays(tables, names));
  }
  requireFresh(stale, ranges[0]?.barUs ?? 0);
  return features;
}

/** Whether the store has features of any of the days. */
export async function hasSymbolFeatures(store: Store, range: SymbolRange): Promise<boolean> {
  for (const date of range.days) {
    const folder = featuresFolder({ ...range, date }, range.barUs);
    if ((await readDerivedManifest(store, folder)) !== undefined) return true;
  }
  return false;
}

type Columns = Readonly<Record<string, unknown>>;

/** The days' tables; days that are not up to date are left out and added to `stale`. */
async function freshTables(
  store: Store,
  { exchange, symbol, days, barUs }: SymbolRange,
  names: readonly string[],
  stale: StaleDay[],
): Promise<readonly Columns[]> {
  const tables: Columns[] = [];
  const stored = ["bar_end_us", "mid", ...names, "source", "verdict"];
  let remadeUs = Number.NaN;
  for (const date of days) {
    const day = { exchange, symbol, date };
    const folder = featuresFolder(day, barUs);
    if ((await readDerivedManifest(store, folder)) === undefined) continue;
    const { manifest, columns } = await readDerived(store, folder, stored);
    const goesOn = (manifest.origin["before"] ?? null) !== null;
    const isFollower = goesOn && remadeUs === dayStartUs(date) - DAY_US;
    const found =
      (await staleDay(store, day, manifest, barUs)) ??
      (isFollower ? { ...day, isAudited: true, isMade: false } : undefined);
    if (found === undefined) tables.push(columns);
    else stale.push(found);
    if (found?.isMade === false) remadeUs = dayStartUs(date);
  }
  return tables;
}

function joinDays(tables: readonly Columns[], names: readonly string[]): SymbolFeatures {
  const numbers = (name: string): Float64Array =>
    concatenate(tables.map((table) => table[name] as Float64Array));
  return {
    barEndUs: numbers("bar_end_us"),
    mid: numbers("mid"),
    values: Object.fromEntries(names.map((name) => [name, numbers(name)])),
    verdict: tables.flatMap((table) => table["verdict"] as readonly RowVerdict[]),
    bookSource: bookSourceOf(tables),
  };
}

/** The kind of book that all days with one were made from. */
function bookSourceOf(tables: readonly Columns[]): BookSource | undefined {
  const tags = tables.map((table) => (table["source"] as readonly RowSource[])[0]);
  const sources = new Set(tags.filter((tag) => tag !== undefined && tag !== "trades"));
  const [first, second] = sources;
  if (second === undefined) return first as BookSource | undefined;
  throw new OptionError({
    message: `features of some days were made from ${first} and of others from ${second}, which are never mixed`,
    fix: `make them alike with \`npx tickbook features … --book ${second}\``,
  });
}
