// Tables of what a book was at each bar's end, made once and stored.
import { isDeepStrictEqual } from "node:util";
import { DAY_US, dayStartUs } from "../core/time.js";
import { bookEvents } from "../market/book-events.js";
import type { BookSource } from "../market/book-source.js";
import type { SampleOptions } from "../market/sample-states.js";
import type { Column } from "../store/column.js";
import { readDerived, wholeDerivedManifest, writeDerived } from "../store/derived.js";
import { PARQUET_FILE } from "../store/partition.js";
import { readManifest, type SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { barName } from "./bar-length.js";
import { neighbour } from "./feature-days.js";
import { staleAfterUs } from "./stale-after.js";

/** Bars and delay of samples. */
export interface BarSampleSettings {
  readonly barUs: number;
  readonly latencyUs: number;
  /** Kind of data that the book is made from; default incremental_book_L2. */
  readonly bookSource?: BookSource;
}

/** What is sampled. */
export interface BarSampleKind {
  /** First part of the table's folder. */
  readonly name: string;
  /**
   * Makes the table of a day.
   *
   * @param barEndUs - ends of the day's bars
   * @param days - book events of this day, and of the next if there is one
   */
  readonly make: (
    barEndUs: Float64Array,
    days: readonly ReturnType<typeof bookEvents>[],
    options: SampleOptions,
  ) => Promise<Readonly<Record<string, Column>>>;
}

/**
 * A day's table, from the store when it was made from the same data and settings, else made and then stored.
 *
 * @returns columns by name; undefined when the store has no book of the day
 * @throws {DataError} a partition is damaged
 */
export async function barSamples(
  store: Store,
  day: SymbolDay,
  { barUs, latencyUs, bookSource = "incremental_book_L2" }: BarSampleSettings,
  { name, make }: BarSampleKind,
): Promise<Readonly<Record<string, Column>> | undefined> {
  const next = neighbour(day, 1);
  const book = await bookHash(store, day, bookSource);
  const nextBook = await bookHash(store, next, bookSource);
  if (book === null) return undefined;
  const staleUs = staleAfterUs(day.exchange);
  const settings = { barUs, latencyUs, staleAfterUs: staleUs, bookSource };
  const origin = { book, nextBook, ...settings };
  const bars = `bar=${barName(barUs)}/latency=${latencyUs / 1000}ms`;
  const folder = `${name}/${bars}/exchange=${day.exchange}/symbol=${day.symbol}/date=${day.date}`;
  const manifest = await wholeDerivedManifest(store, folder);
  if (!isDeepStrictEqual(manifest?.origin, origin)) {
    const days = [day, ...(nextBook === null ? [] : [next])];
    const columns = await make(
      barEnds(dayStartUs(day.date), barUs),
      days.map((one) => bookEvents(store, one, bookSource)),
      { source: bookSource, staleAfterUs: staleUs },
    );
    await writeDerived(store, folder, columns, origin);
  }
  return (await readDerived(store, folder)).columns;
}

async function bookHash(store: Store, day: SymbolDay, type: BookSource): Promise<string | null> {
  const manifest = await readManifest(store, { ...day, type });
  return manifest?.files[PARQUET_FILE]?.sha256 ?? null;
}

function barEnds(dayUs: number, barUs: number): Float64Array {
  return Float64Array.from({ length: DAY_US / barUs }, (_, i) => dayUs + (i + 1) * barUs);
}
