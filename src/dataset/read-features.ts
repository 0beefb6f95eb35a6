// Which features can models be fed with? Those that the source has, the book shows and the days are long enough for.
import { OptionError } from "../core/errors.js";
import { isTooDeep } from "../features/book-levels.js";
import { CANDLE_FEATURES } from "../features/candle-features.js";
import { catalogue } from "../features/catalogue.js";
import type { FeatureEntry } from "../features/feature.js";
import type { BookSource } from "../market/book-source.js";
import type { Store } from "../store/store.js";
import { candleSymbolFeatures, hasCandles } from "./candle-symbol-features.js";
import { type ColumnSet, columnsOf } from "./column-sets.js";
import { type InputRows, inputRows } from "./input-rows.js";
import { lackingDays, requireSource, sourceDays, withSource } from "./lacking-days.js";
import {
  hasSymbolFeatures,
  type SymbolFeatures,
  type SymbolRange,
  symbolFeatures,
} from "./symbol-features.js";
import { youngFeatures } from "./young-features.js";

/** Which features to read, of which market. */
export interface FeatureRequest {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `yyyy-mm-dd`, in order. */
  readonly days: readonly string[];
  readonly barUs: number;
  /**
   * Features by name, which are all kept; or a set, less those whose warm-up the data is too short for. Default is all that the
   * data allows: of those whose warm-up it is long enough for, whatever its book shows. Rows of days that lack a source of some
   * are left out; a set is refused where most days of a symbol lack one.
   */
  readonly features?: readonly string[] | ColumnSet;
  /** What features are made from: the stored ones of ticks, or stored candles of the same symbols. Default ticks. */
  readonly source?: "ticks" | "candles";
}

/** Features of a market as datasets of any label are made from. */
export interface ReadFeatures {
  /** One a symbol, in their order. */
  readonly ranges: readonly SymbolRange[];
  readonly features: readonly SymbolFeatures[];
  /** Those that models are fed with. */
  readonly names: readonly string[];
  /** Those that were not asked for each by its name and that the data is too short for. */
  readonly leftOut: readonly string[];
  /** `close` where there is no book. */
  readonly labelKind: "mid" | "close";
  /** What models are fed with, one a symbol: the same whatever is predicted. */
  readonly inputs: readonly InputRows[];
}

/** Always read: model inputs and labels are made from them. */
const BASE: readonly string[] = ["close", "volume_ratio_60"];

/**
 * Reads the features of several symbols. Without a book, features of the book are left out; from candles only those that
 * prices and volumes are enough for are made.
 *
 * @throws {OptionError} there are no stored features, or none that carry the verdicts of the present audit; or a feature
 *   is unknown or needs a book where there is none, or a set needs what most days of a symbol lack
 * @throws {DataError} a table is damaged
 */
export async function readFeatures(store: Store, request: FeatureRequest): Promise<ReadFeatures> {
  const { exchange, symbols, days, barUs } = request;
  const isOfCandles = request.source === "candles";
  const asked =
    typeof request.features === "string" ? columnsOf(request.features) : request.features;
  requireFeatures(asked ?? [], request);
  const all = asked ?? (isOfCandles ? CANDLE_FEATURES : catalogue().map(({ name }) => name));
  const ranges = symbols.map((symbol) => ({ exchange, symbol, days, barUs }));
  const wanted = [...new Set([...all, ...BASE])];
  const features = isOfCandles
    ? await candleFeaturesOf(store, ranges, wanted)
    : await symbolFeatures(store, ranges, wanted);
  await requireRows(store, features, request);
  const source = oneBookSource(features, symbols);
  const shown = shownBy(source, all, asked !== undefined);
  const lacking = features.flatMap((one, s) => lackingDays(symbols[s]!, sourceDays(one, barUs)));
  if (typeof request.features === "string") requireSource(request.features, shown, lacking);
  const isEachNamed = typeof request.features === "object";
  const possible = isEachNamed ? shown : withSource(shown, lacking);
  const labelKind = source === undefined ? "close" : "mid";
  const leftOut = isEachNamed ? [] : youngFeatures(features, possible, { barUs, labelKind });
  const names = possible.filter((name) => !leftOut.includes(name));
  const inputs = features.map((one) => inputRows(one, { names, barUs, labelKind }));
  return { ranges, features, names, leftOut, labelKind, inputs };
}

/** Whether the store has anything that features of these days and symbols can be read or made from. */
export async function hasFeatures(
  store: Store,
  { symbols, source, ...range }: FeatureRequest,
): Promise<boolean> {
  const has = source === "candles" ? hasCandles : hasSymbolFeatures;
  for (const symbol of symbols) if (await has(store, { ...range, symbol })) return true;
  return false;
}

async function candleFeaturesOf(
  store: Store,
  ranges: readonly SymbolRange[],
  names: readonly string[],
): Promise<readonly SymbolFeatures[]> {
  const features: SymbolFeatures[] = [];
  for (const range of ranges) features.push(await candleSymbolFeatures(store, range, names));
  return features;
}

/** The kind of book that all symbols with features have; undefined where none has one. */
function oneBookSource(
  features: readonly SymbolFeatures[],
  symbols: readonly string[],
): BookSource | undefined {
  const there = features.flatMap(({ bookSource, barEndUs }, i) =>
    barEndUs.length === 0 ? [] : [{ symbol: symbols[i]!, bookSource }],
  );
  const [first] = there;
  const other = there.find(({ bookSource }) => bookSource !== first?.bookSource);
  if (first === undefined || other === undefined) return first?.bookSource;
  const told = (one: typeof first): string =>
    `those of ${one.symbol} from ${one.bookSource ?? "no book"}`;
  throw new OptionError({
    column: "--symbols",
    message: `named symbols whose features are of different books: ${told(first)}, ${told(other)}`,
    fix: "leave one of them out, or make them alike with `npx tickbook features … --book`",
  });
}

/** Features that the book shows enough for; a list that was asked for by name is refused instead of cut. */
function shownBy(
  source: BookSource | undefined,
  names: readonly string[],
  isAsked: boolean,
): readonly string[] {
  const isShown = (entry: FeatureEntry): boolean =>
    !entry.inputs.includes("book") || (source !== undefined && !isTooDeep(entry, source));
  const entries = catalogue().filter(({ name }) => names.includes(name));
  const hidden = entries.filter((entry) => !isShown(entry)).map(({ name }) => name);
  if (isAsked && hidden.length > 0) {
    throw new OptionError({
      column: hidden.join(", "),
      message:
        source === undefined
          ? "needs an order book, and the data has none"
          : `needs more levels of the order book than ${source} shows`,
      fix: "leave it out, or fetch incremental_book_L2",
    });
  }
  return names.filter((name) => !hidden.includes(name));
}

function requireFeatures(names: readonly string[], { features, source }: FeatureRequest): void {
  const isOfCandles = source === "candles";
  const known = isOfCandles ? CANDLE_FEATURES : catalogue().map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const asked = typeof features === "string" ? `the set "${features}" has` : "named";
  throw new OptionError({
    column: "features",
    message: `${asked} ${unknown.join(", ")}, which ${isOfCandles ? "candles do not give" : "no feature is called"}`,
    fix: `use some of ${known.join(", ")}`,
  });
}

async function requireRows(
  store: Store,
  features: readonly SymbolFeatures[],
  request: FeatureRequest,
): Promise<void> {
  if (features.some(({ barEndUs }) => barEndUs.length > 0)) return;
  const { exchange, symbols, days, source } = request;
  const what = source === "candles" ? "candles" : "features";
  // A minute without a trade gives no bar.
  const isEmpty = await hasFeatures(store, request);
  throw new OptionError({
    column: "--exchange, --symbols, --from",
    message: `named ${exchange} ${symbols.join(", ")} from ${days[0]}, of which no ${what} ${isEmpty ? "with a trade " : ""}are stored`,
    fix:
      source === "candles"
        ? "bring them in with `npx tickbook candles`"
        : "compute them with `npx tickbook features`",
  });
}
