import { OptionError } from "../core/errors.js";
import { MINUTE_US } from "../core/time.js";
import { isTooDeep } from "../features/book-levels.js";
import { CANDLE_FEATURES } from "../features/candle-features.js";
import { catalogue } from "../features/catalogue.js";
import type { FeatureEntry } from "../features/feature.js";
import type { BookSource } from "../market/book-source.js";
import type { Store } from "../store/store.js";
import { assembleDataset } from "./assemble-dataset.js";
import { candleSymbolFeatures } from "./candle-symbol-features.js";
import { DIRECTION, type LabelRule } from "./label-rule.js";
import type { Dataset } from "./matrix.js";
import { type SymbolFeatures, type SymbolRange, symbolFeatures } from "./symbol-features.js";
import { pricedSeries, type SymbolSeries } from "./symbol-series.js";
import { youngFeatures } from "./young-features.js";

/** What to predict, from what. */
export interface DatasetRequest {
  readonly exchange: string;
  readonly symbols: readonly string[];
  /** `yyyy-mm-dd`, in order. */
  readonly days: readonly string[];
  /** Default 15 bars. */
  readonly horizonBars?: number;
  /** In place of `horizonBars`: a horizon of any length, µs. */
  readonly horizonUs?: number;
  /** Default the direction over the horizon. */
  readonly labelRule?: LabelRule;
  /** From the bar's end to the execution of what was decided on it; default half a second. */
  readonly latencyUs?: number;
  /** Default one minute. */
  readonly barUs?: number;
  /** Features by name; default is all that the data allows: whatever its book shows and whose warm-up it is long enough for. */
  readonly features?: readonly string[];
  /** What features are made from: the stored ones of ticks, or stored candles of the same symbols. Default ticks. */
  readonly source?: "ticks" | "candles";
  readonly onProgress?: (done: number, total: number) => void;
}

/** Always read: model inputs and labels are made from them. */
const BASE: readonly string[] = ["close", "volume_ratio_60"];

/**
 * Joins stored features, label mids and verdicts of several symbols to the matrix that models are trained and tested on.
 * Without a book the label is on the close and features of the book are left out; from candles only those that prices and
 * volumes are enough for are made.
 *
 * @throws {OptionError} there are no stored features, or none that carry the verdicts of the present audit; or a feature
 *   is unknown or needs a book where there is none
 * @throws {DataError} a table is damaged
 */
export async function buildDataset(store: Store, request: DatasetRequest): Promise<Dataset> {
  const { exchange, symbols, days, barUs = MINUTE_US, onProgress } = request;
  const horizonUs = request.horizonUs ?? (request.horizonBars ?? 15) * barUs;
  const labelRule = request.labelRule ?? DIRECTION;
  const isOfCandles = request.source === "candles";
  requireFeatures(request.features ?? [], isOfCandles);
  const all =
    request.features ?? (isOfCandles ? CANDLE_FEATURES : catalogue().map(({ name }) => name));
  const ranges = symbols.map((symbol) => ({ exchange, symbol, days, barUs }));
  const wanted = [...new Set([...all, ...BASE])];
  const features = isOfCandles
    ? await candleFeaturesOf(store, ranges, wanted)
    : await symbolFeatures(store, ranges, wanted);
  requireRows(features, request);
  const source = oneBookSource(features, symbols);
  const hasBook = source !== undefined;
  const isAsked = request.features !== undefined;
  const possible = shownBy(source, all, isAsked);
  const leftOut = isAsked ? [] : youngFeatures(features, possible);
  const names = possible.filter((name) => !leftOut.includes(name));
  const labelKind = hasBook ? "mid" : "close";
  const latencyUs = hasBook ? (request.latencyUs ?? 500_000) : 0;
  requireHorizon({ horizonUs, barUs, labelRule, labelKind });
  const series: SymbolSeries[] = [];
  for (const [s, range] of ranges.entries()) {
    const settings = { labelKind, latencyUs, horizonUs } as const;
    series.push(await pricedSeries(store, range, features[s]!, settings));
    onProgress?.(s + 1, ranges.length);
  }
  const label = { horizonUs, latencyUs, labelKind, labelRule } as const;
  return assembleDataset(series, { exchange, symbols, names, leftOut, barUs, ...label });
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

function requireFeatures(names: readonly string[], isOfCandles: boolean): void {
  const known = isOfCandles ? CANDLE_FEATURES : catalogue().map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new OptionError({
    column: "features",
    message: `named "${unknown}", which is no feature${isOfCandles ? " that candles give" : ""}`,
    fix: `use some of ${known.join(", ")}`,
  });
}

function requireRows(features: readonly SymbolFeatures[], request: DatasetRequest): void {
  if (features.some(({ barEndUs }) => barEndUs.length > 0)) return;
  throw new OptionError({
    column: "--exchange, --symbols, --from",
    message: `named ${request.exchange} ${request.symbols.join(", ")} from ${request.days[0]}, of which no ${request.source === "candles" ? "candles" : "features"} are stored`,
    fix:
      request.source === "candles"
        ? "bring them in with `npx tickbook candles`"
        : "compute them with `npx tickbook features`",
  });
}

/** Between bars there are prices of a book alone, and barriers are looked at bar by bar. */
function requireHorizon({
  horizonUs,
  barUs,
  labelRule,
  labelKind,
}: Pick<Dataset, "horizonUs" | "barUs" | "labelRule" | "labelKind">): void {
  const needsBars = labelKind === "close" || labelRule.kind === "triple-barrier";
  if (horizonUs > 0 && (horizonUs % barUs === 0 || !needsBars)) return;
  throw new OptionError({
    column: "horizon",
    message: `was ${horizonUs / 1e6} s, expected ${needsBars ? `a whole number of bars of ${barUs / 1e6} s` : "a time above 0"}`,
    fix: "give for example 15 bars",
  });
}
