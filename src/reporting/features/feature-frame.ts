// What values of features does the store hold?
import { concatenate } from "../../core/columns.js";
import { type Shortfall, shortfall } from "../../core/shortfall.js";
import { MINUTE_US } from "../../core/time.js";
import { FEATURES } from "../../features/catalogue.js";
import type { FeatureEntry } from "../../features/feature.js";
import { featuresFolder } from "../../features/feature-partition.js";
import { readDerived, readDerivedManifest } from "../../store/derived.js";
import type { Store } from "../../store/store.js";
import { type MarketRange, symbolDays } from "../store-summary.js";

/** Stored one-minute features of a symbol: one column a feature, days one after the other. */
export interface FeatureFrame {
  readonly exchange: string;
  readonly symbol: string;
  readonly barEndUs: Float64Array;
  /** Mid at the bar's end; NaN where there was no valid book. */
  readonly mid: Float64Array;
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

const HEAD = ["bar_end_us", "mid"];

/**
 * Reads the stored one-minute features of a market, a frame for each symbol that has any.
 *
 * @returns what is missing where no symbol has any
 * @throws {DataError} a table is damaged
 */
export async function featureFrames(
  store: Store,
  range: MarketRange,
): Promise<readonly FeatureFrame[] | Shortfall> {
  const names = FEATURES.map(({ name }) => name);
  const frames: FeatureFrame[] = [];
  for (const symbol of range.symbols) {
    const parts: (readonly Float64Array[])[] = [];
    for (const day of symbolDays(range, symbol)) {
      const folder = featuresFolder(day, MINUTE_US);
      if ((await readDerivedManifest(store, folder)) === undefined) continue;
      const { columns } = await readDerived(store, folder, [...HEAD, ...names]);
      parts.push([...HEAD, ...names].map((name) => columns[name] as Float64Array));
    }
    if (parts.length === 0) continue;
    const [barEndUs, mid, ...columns] = [...HEAD, ...names].map((_, j) =>
      concatenate(parts.map((part) => part[j]!)),
    ) as [Float64Array, Float64Array, ...Float64Array[]];
    frames.push({ exchange: range.exchange, symbol, barEndUs, mid, names, columns });
  }
  if (frames.length > 0) return frames;
  return shortfall({ step: "look at features", what: "days with features", has: 0, needs: 1 });
}

/** A feature's column; all NaN for one that the frame does not have. */
export function featureColumn(
  { names, columns, barEndUs }: FeatureFrame,
  name: string,
): Float64Array {
  return columns[names.indexOf(name)] ?? new Float64Array(barEndUs.length).fill(Number.NaN);
}

/** What the catalogue says of a feature; undefined for a name that it does not have. */
export function featureEntry(name: string): FeatureEntry | undefined {
  return FEATURES.find((feature) => feature.name === name);
}

/**
 * Whether a feature tells of the market in numbers whose spread can be compared: raw prices and amounts cannot, the clock's
 * own are the same for every market, and one of three states has no spread.
 */
export function isComparable(name: string): boolean {
  const entry = featureEntry(name);
  if (entry === undefined || ["price", "amount"].includes(entry.unit)) return false;
  if (entry.family === "regime") return false;
  return entry.inputs.some((input) => input !== "clock");
}

/** Values that are there, in order of size. */
export function sortedValues(column: Float64Array): Float64Array {
  return column.filter((value) => !Number.isNaN(value)).sort();
}
