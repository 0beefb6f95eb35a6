// The one door through which models get stored features: never without their verdicts, never with stale ones.
import { concatenate } from "../core/columns.js";
import { OptionError } from "../core/errors.js";
import { DAY_US, dayStartUs } from "../core/time.js";
import { clockBefore } from "../features/clock-before.js";
import {
  type FeatureInputs,
  featuresFolder,
  type RowSource,
  rowSource,
} from "../features/feature-partition.js";
import type { RowVerdict } from "../features/hourly-verdicts.js";
import { beginsStream, madeFrom, type RowPart } from "../features/row-parts.js";
import type { BookSource } from "../market/book-source.js";
import { readDerived, readDerivedManifest } from "../store/derived.js";
import type { DerivedManifest } from "../store/manifest.js";
import type { SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import type { SourceDay } from "./lacking-days.js";
import { BEFORE_IS_OTHER, requireFresh, type StaleDay, staleDay } from "./stale-features.js";

/** Stored features of one symbol, days one after the other. */
export interface SymbolFeatures {
  readonly barEndUs: Float64Array;
  /** Mid at the bar's end; NaN without a valid book. */
  readonly mid: Float64Array;
  /** Values by feature name. */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** Masks as the engine gives them. */
  readonly valid: BigUint64Array;
  /** What the rows were made from, and where streams begin; together they hold all rows, in order. */
  readonly parts: readonly RowPart[];
  /** The clock of the stream that the first row goes on; left out where it begins one. */
  readonly before?: readonly number[];
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
    const [first] = tables;
    const clock = await clockBefore(store, first?.day, range.barUs);
    features.push({ ...joinDays(tables, names), before: clock.save() });
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

/** What the stored features of a symbol's days were made from, in the order of the days. */
export async function storedSources(
  store: Store,
  { days, barUs, ...of }: SymbolRange,
): Promise<readonly SourceDay[]> {
  const sources: SourceDay[] = [];
  for (const date of days) {
    const manifest = await readDerivedManifest(store, featuresFolder({ ...of, date }, barUs));
    if (manifest === undefined || manifest.rows === 0) continue;
    const { inputs = {}, bookSource } = manifest.origin;
    const tag = rowSource(inputs as FeatureInputs, bookSource as BookSource);
    sources.push({ date, source: madeFrom(manifest, tag).source });
  }
  return sources;
}

/** The stored features of one day. */
interface DayTable {
  readonly day: SymbolDay;
  readonly manifest: DerivedManifest;
  readonly columns: Readonly<Record<string, unknown>>;
}

/** The days' tables; days that are not up to date are left out and added to `stale`. */
async function freshTables(
  store: Store,
  { exchange, symbol, days, barUs }: SymbolRange,
  names: readonly string[],
  stale: StaleDay[],
): Promise<readonly DayTable[]> {
  const tables: DayTable[] = [];
  const stored = ["bar_end_us", "mid", ...names, "valid", "source", "verdict"];
  let remadeUs = Number.NaN;
  for (const date of days) {
    const day = { exchange, symbol, date };
    const folder = featuresFolder(day, barUs);
    if ((await readDerivedManifest(store, folder)) === undefined) continue;
    const { manifest, columns } = await readDerived(store, folder, stored);
    const isFollower = !beginsStream(manifest) && remadeUs === dayStartUs(date) - DAY_US;
    const found =
      (await staleDay(store, day, manifest, barUs)) ??
      (isFollower
        ? { ...day, isAudited: true, isMade: false, changes: [BEFORE_IS_OTHER] }
        : undefined);
    if (found === undefined) tables.push({ day, manifest, columns });
    else stale.push(found);
    if (found?.isMade === false) remadeUs = dayStartUs(date);
  }
  return tables;
}

function joinDays(tables: readonly DayTable[], names: readonly string[]): SymbolFeatures {
  const numbers = (name: string): Float64Array =>
    concatenate(tables.map(({ columns }) => columns[name] as Float64Array));
  const barEndUs = numbers("bar_end_us");
  const valid = new BigUint64Array(barEndUs.length);
  const parts: RowPart[] = [];
  let from = 0;
  for (const { manifest, columns } of tables) {
    const to = from + manifest.rows;
    valid.set(columns["valid"] as BigUint64Array, from);
    parts.push({ from, to, ...madeFrom(manifest, sourceTag(columns) ?? "trades") });
    from = to;
  }
  return {
    barEndUs,
    mid: numbers("mid"),
    values: Object.fromEntries(names.map((name) => [name, numbers(name)])),
    valid,
    parts,
    verdict: tables.flatMap(({ columns }) => columns["verdict"] as readonly RowVerdict[]),
    bookSource: bookSourceOf(tables),
  };
}

function sourceTag(columns: DayTable["columns"]): RowSource | undefined {
  return (columns["source"] as readonly RowSource[])[0];
}

/** The kind of book that all days with one were made from. */
function bookSourceOf(tables: readonly DayTable[]): BookSource | undefined {
  const tags = tables.map(({ columns }) => sourceTag(columns));
  const sources = new Set(tags.filter((tag) => tag !== undefined && tag !== "trades"));
  const [first, second] = sources;
  if (second === undefined) return first as BookSource | undefined;
  throw new OptionError({
    message: `features of some days were made from ${first} and of others from ${second}, which are never mixed`,
    fix: `make them alike with \`npx tickbook features … --book ${second}\``,
  });
}
