import { concatenate } from "../../core/columns.js";
import { readDerived, readDerivedManifest } from "../../store/derived.js";
import type { DerivedManifest } from "../../store/manifest.js";
import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import { FEATURES } from "../catalogue.js";
import { warmUpOf } from "../feature.js";
import { neighbour } from "../feature-days.js";
import { featuresFolder, type RowSource } from "../feature-partition.js";
import type { DaySource } from "./lacks-source.js";
import { type AgedRows, newAges, type RowAges, StreamClock } from "./stream-ages.js";

/** Stored features of one symbol as they were written, days one after the other. */
export interface SymbolColumns {
  readonly exchange: string;
  readonly symbol: string;
  readonly barUs: number;
  readonly barEndUs: Float64Array;
  /** Mid at the bar's end; NaN without a valid book. */
  readonly mid: Float64Array;
  /** Values by feature name. */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** Masks as the engine gives them. */
  readonly valid: BigUint64Array;
  /** Rows [from, to) of each day, and what they were made from. */
  readonly days: readonly {
    readonly from: number;
    readonly to: number;
    readonly source: DaySource;
    /** No state was carried over to it from the day before. */
    readonly beginsStream: boolean;
  }[];
  readonly ages: RowAges;
}

/** Columns that are joined as they are: all but masks and texts. */
const NUMBERS: readonly string[] = ["bar_end_us", "mid", ...FEATURES.map(({ name }) => name)];

/**
 * Reads stored features of one symbol. They are held whole, 8 bytes a value: about half a kilobyte a bar, so 20 MB for a
 * month of minutes and 40 MB for a day of seconds, beside one column more while days are joined.
 *
 * @param dates - days whose features are stored, in order
 * @param barUs - length of a bar, µs
 * @throws {DataError} a partition is missing or damaged
 */
export async function symbolColumns(
  store: Store,
  { exchange, symbol }: { readonly exchange: string; readonly symbol: string },
  dates: readonly string[],
  barUs: number,
): Promise<SymbolColumns> {
  const place = (date: string): SymbolDay => ({ exchange, symbol, date });
  const before = dates[0] === undefined ? [] : await daysBefore(store, place(dates[0]), barUs);
  const clock = new StreamClock(barUs);
  const bookless: number[] = [];
  for (const date of before) {
    const names = ["bar_end_us", "close", "valid"];
    const table = await readDerived(store, featuresFolder(place(date), barUs), names);
    if (beginsStream(table.manifest)) clock.beginStream();
    const ages = newAges(table.manifest.rows);
    clock.takeDay(agedRows(table.columns), ages, 0);
    bookless.push(...ages.booklessBars);
  }
  const parts: DayPart[] = [];
  for (const date of dates) {
    const { manifest, columns } = await readDerived(store, featuresFolder(place(date), barUs));
    parts.push({ manifest, columns: { ...columns } });
  }
  return {
    exchange,
    symbol,
    barUs,
    ...aged(parts, clock, Int32Array.from(bookless)),
    ...joined(parts),
  };
}

/** One day as it was read. */
interface DayPart {
  readonly manifest: DerivedManifest;
  readonly columns: Record<string, unknown>;
}

/** Ages of all rows, and where each day's rows are. */
function aged(
  parts: readonly DayPart[],
  clock: StreamClock,
  earlierBookless: Int32Array,
): Pick<SymbolColumns, "ages" | "days" | "valid"> {
  const rows = parts.reduce((sum, { manifest }) => sum + manifest.rows, 0);
  const ages = newAges(rows, earlierBookless);
  const valid = new BigUint64Array(rows);
  let at = 0;
  const days = parts.map(({ manifest, columns }) => {
    const day = agedRows(columns);
    if (beginsStream(manifest)) clock.beginStream();
    clock.takeDay(day, ages, at);
    valid.set(day.valid, at);
    const [from, to] = [at, at + manifest.rows];
    at = to;
    const tag = (columns["source"] as readonly RowSource[])[0] ?? "trades";
    const source = { hasTrades: hasTrades(manifest), tag };
    return { from, to, source, beginsStream: beginsStream(manifest) };
  });
  return { ages, days, valid };
}

/** The days' columns one after the other; each is let go of when it is joined. */
function joined(parts: readonly DayPart[]): Pick<SymbolColumns, "barEndUs" | "mid" | "values"> {
  const columns = NUMBERS.map((name) => {
    const column = concatenate(parts.map((part) => part.columns[name] as Float64Array));
    for (const part of parts) delete part.columns[name];
    return column;
  });
  const [barEndUs, mid, ...values] = columns;
  const names = NUMBERS.slice(2);
  return {
    barEndUs: barEndUs!,
    mid: mid!,
    values: Object.fromEntries(names.map((name, i) => [name, values[i]!])),
  };
}

/** Days whose stream the given one goes on: back to where it began, or as far as any warm-up reaches. */
async function daysBefore(store: Store, first: SymbolDay, barUs: number): Promise<string[]> {
  const dates: string[] = [];
  let day = first;
  let manifest = await readDerivedManifest(store, featuresFolder(day, barUs));
  const longest = Math.max(...FEATURES.map((feature) => warmUpOf(feature, barUs)));
  for (let bars = 0; bars <= longest; bars += manifest.rows) {
    if (manifest === undefined || beginsStream(manifest)) break;
    day = neighbour(day, -1);
    manifest = await readDerivedManifest(store, featuresFolder(day, barUs));
    if (manifest === undefined) break;
    dates.unshift(day.date);
  }
  return dates;
}

function agedRows(columns: Readonly<Record<string, unknown>>): AgedRows {
  return {
    barEndUs: columns["bar_end_us"] as Float64Array,
    close: columns["close"] as Float64Array,
    valid: columns["valid"] as BigUint64Array,
  };
}

/** Whether no state was carried over to a day from the day before. */
function beginsStream({ origin }: Pick<DerivedManifest, "origin">): boolean {
  return (origin["before"] ?? null) === null;
}

function hasTrades({ origin }: DerivedManifest): boolean {
  const inputs = origin["inputs"] as { readonly trades?: string | null } | undefined;
  return (inputs?.trades ?? null) !== null;
}
