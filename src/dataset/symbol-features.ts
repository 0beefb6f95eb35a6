import { concatenate } from "../core/columns.js";
import { featuresFolder } from "../features/feature-partition.js";
import { readDerived, readDerivedManifest } from "../store/derived.js";
import type { Store } from "../store/store.js";

/** Stored features of one symbol, days one after the other. */
export interface SymbolFeatures {
  readonly barEndUs: Float64Array;
  /** Mid at the bar's end; NaN without a valid book. */
  readonly mid: Float64Array;
  /** Values by feature name. */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** Verdict of the bar's hour: `good`, `usable`, `bad`, or `unknown` where nothing was audited. */
  readonly verdict: readonly string[];
  /** True when at least one day was made from a book. */
  readonly hasBook: boolean;
}

/** Whose features to read. */
export interface SymbolRange {
  readonly exchange: string;
  readonly symbol: string;
  readonly days: readonly string[];
  readonly barUs: number;
}

/**
 * Reads the features of the days that have any.
 *
 * @param names - features to read
 * @throws {DataError} a table is damaged, or has no such column
 */
export async function symbolFeatures(
  store: Store,
  { exchange, symbol, days, barUs }: SymbolRange,
  names: readonly string[],
): Promise<SymbolFeatures> {
  const tables: Readonly<Record<string, unknown>>[] = [];
  let hasBook = false;
  for (const date of days) {
    const folder = featuresFolder({ exchange, symbol, date }, barUs);
    if ((await readDerivedManifest(store, folder)) === undefined) continue;
    const stored = ["bar_end_us", "mid", ...names, "source", "verdict"];
    const { columns } = await readDerived(store, folder, stored);
    hasBook ||= (columns["source"] as readonly string[])[0] === "incremental_book_L2";
    tables.push(columns);
  }
  const numbers = (name: string): Float64Array =>
    concatenate(tables.map((table) => table[name] as Float64Array));
  return {
    barEndUs: numbers("bar_end_us"),
    mid: numbers("mid"),
    values: Object.fromEntries(names.map((name) => [name, numbers(name)])),
    verdict: tables.flatMap((table) => table["verdict"] as readonly string[]),
    hasBook,
  };
}
