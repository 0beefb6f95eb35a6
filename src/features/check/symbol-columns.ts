import { concatenate } from "../../core/columns.js";
import { readDerived } from "../../store/derived.js";
import type { DerivedManifest } from "../../store/manifest.js";
import type { SymbolDay } from "../../store/read.js";
import type { Store } from "../../store/store.js";
import { FEATURES } from "../catalogue.js";
import { clockBefore } from "../clock-before.js";
import { featuresFolder, type RowSource } from "../feature-partition.js";
import { beginsStream, madeFrom, type RowPart } from "../row-parts.js";
import type { StreamClock } from "../stream-clock.js";
import { type AgedRows, newAges, type RowAges, takeDay } from "./stream-ages.js";

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
  readonly days: readonly RowPart[];
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
  const [first] = dates;
  const clock = await clockBefore(store, first === undefined ? undefined : place(first), barUs);
  const parts: DayPart[] = [];
  for (const date of dates) {
    const { manifest, columns } = await readDerived(store, featuresFolder(place(date), barUs));
    parts.push({ manifest, columns: { ...columns } });
  }
  return {
    exchange,
    symbol,
    barUs,
    ...aged(parts, clock),
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
): Pick<SymbolColumns, "ages" | "days" | "valid"> {
  const rows = parts.reduce((sum, { manifest }) => sum + manifest.rows, 0);
  const ages = newAges(rows);
  const valid = new BigUint64Array(rows);
  let at = 0;
  const days = parts.map(({ manifest, columns }) => {
    const day = agedRows(columns);
    if (beginsStream(manifest)) clock.beginStream();
    takeDay(clock, day, ages, at);
    valid.set(day.valid, at);
    const [from, to] = [at, at + manifest.rows];
    at = to;
    const tag = (columns["source"] as readonly RowSource[])[0] ?? "trades";
    return { from, to, ...madeFrom(manifest, tag) };
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

function agedRows(columns: Readonly<Record<string, unknown>>): AgedRows {
  return {
    barEndUs: columns["bar_end_us"] as Float64Array,
    close: columns["close"] as Float64Array,
    valid: columns["valid"] as BigUint64Array,
  };
}
