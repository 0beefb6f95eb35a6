import { isDeepStrictEqual } from "node:util";
import { DAY_US, dayStartUs } from "../core/time.js";
import { bookEvents } from "../market/book-events.js";
import type { BookSource } from "../market/book-source.js";
import { type SampledMids, sampleMids } from "../market/sample-mids.js";
import { readDerived, wholeDerivedManifest, writeDerived } from "../store/derived.js";
import { PARQUET_FILE } from "../store/partition.js";
import { readManifest, type SymbolDay } from "../store/read.js";
import type { Store } from "../store/store.js";
import { barName } from "./bar-length.js";
import { neighbour } from "./feature-days.js";
import { staleAfterUs } from "./stale-after.js";

/** Mids in force at each bar's end plus the latency, for the bars of one day. */
export interface LabelMids extends SampledMids {
  readonly barEndUs: Float64Array;
}

/** Bars and delay of the samples. */
export interface LabelMidSettings {
  readonly barUs: number;
  readonly latencyUs: number;
  /** Kind of data that the book is made from; default incremental_book_L2. */
  readonly bookSource?: BookSource;
}

/**
 * The day's label mids, from the store when they were made from the same data and settings, else by one replay of the book
 * (of this day, and of the next as far as the last sample reaches) and then stored.
 *
 * @returns undefined when the store has no book of the day
 * @throws {DataError} a partition is damaged
 */
export async function labelMids(
  store: Store,
  day: SymbolDay,
  { barUs, latencyUs, bookSource = "incremental_book_L2" }: LabelMidSettings,
): Promise<LabelMids | undefined> {
  const next = neighbour(day, 1);
  const book = await bookHash(store, day, bookSource);
  const nextBook = await bookHash(store, next, bookSource);
  if (book === null) return undefined;
  const staleUs = staleAfterUs(day.exchange);
  const settings = { barUs, latencyUs, staleAfterUs: staleUs, bookSource };
  const origin = { book, nextBook, ...settings };
  const folder = labelFolder(day, barUs, latencyUs);
  const manifest = await wholeDerivedManifest(store, folder);
  if (!isDeepStrictEqual(manifest?.origin, origin)) {
    const barEndUs = barEnds(dayStartUs(day.date), barUs);
    const days = [day, ...(nextBook === null ? [] : [next])];
    const { mid, halfSpreadBps } = await sampleMids(
      barEndUs.map((time) => time + latencyUs),
      days.map((one) => bookEvents(store, one, bookSource)),
      { source: bookSource, staleAfterUs: staleUs },
    );
    const columns = { bar_end_us: barEndUs, mid, half_spread_bps: halfSpreadBps };
    await writeDerived(store, folder, columns, origin);
  }
  const { columns } = await readDerived(store, folder);
  return {
    barEndUs: columns["bar_end_us"] as Float64Array,
    mid: columns["mid"] as Float64Array,
    halfSpreadBps: columns["half_spread_bps"] as Float64Array,
  };
}

async function bookHash(store: Store, day: SymbolDay, type: BookSource): Promise<string | null> {
  const manifest = await readManifest(store, { ...day, type });
  return manifest?.files[PARQUET_FILE]?.sha256 ?? null;
}

function labelFolder(
  { exchange, symbol, date }: SymbolDay,
  barUs: number,
  latencyUs: number,
): string {
  const settings = `bar=${barName(barUs)}/latency=${latencyUs / 1000}ms`;
  return `label-mids/${settings}/exchange=${exchange}/symbol=${symbol}/date=${date}`;
}

function barEnds(dayUs: number, barUs: number): Float64Array {
  return Float64Array.from({ length: DAY_US / barUs }, (_, i) => dayUs + (i + 1) * barUs);
}
