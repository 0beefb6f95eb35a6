// The matrix of a market as the store has it: features joined with prices, labels and verdicts.
import { OptionError } from "../core/errors.js";
import { MINUTE_US } from "../core/time.js";
import type { Store } from "../store/store.js";
import { assembleDataset } from "./assemble-dataset.js";
import { DIRECTION, type LabelRule } from "./label-rule.js";
import type { Dataset } from "./matrix.js";
import { type FeatureRequest, type ReadFeatures, readFeatures } from "./read-features.js";
import { pricedSeries, type SymbolPrices, symbolPrices } from "./symbol-series.js";

/** What to predict. */
export interface LabelRequest {
  /** Default 15 bars. */
  readonly horizonBars?: number;
  /** In place of `horizonBars`: a horizon of any length, µs. */
  readonly horizonUs?: number;
  /** Default the direction over the horizon. */
  readonly labelRule?: LabelRule;
  /** From the bar's end to the execution of what was decided on it; default half a second. */
  readonly latencyUs?: number;
}

/** What to predict, from what. */
export interface DatasetRequest extends Omit<FeatureRequest, "barUs">, LabelRequest {
  /** Default one minute. */
  readonly barUs?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Joins stored features, label mids and verdicts of several symbols to the matrix that models are trained and tested on.
 * Without a book the label is on the close.
 *
 * @throws {OptionError} there are no stored features, or none that carry the verdicts of the present audit; a feature is
 *   unknown or needs a book where there is none; or a horizon that there are no prices for
 * @throws {DataError} a table is damaged
 */
export async function buildDataset(store: Store, request: DatasetRequest): Promise<Dataset> {
  const { barUs = MINUTE_US, onProgress } = request;
  const read = await readFeatures(store, { ...request, barUs });
  const horizonUs = request.horizonUs ?? (request.horizonBars ?? 15) * barUs;
  const labelRule = request.labelRule ?? DIRECTION;
  requireHorizon(read, { horizonUs, labelRule });
  const { latencyUs } = request;
  const priced = await readPrices(store, read, {
    horizonsUs: [horizonUs],
    ...(latencyUs === undefined ? {} : { latencyUs }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return labelled(priced, { horizonUs, labelRule });
}

/** Features with the prices of labels of some horizons. */
export interface PricedFeatures extends ReadFeatures {
  readonly latencyUs: number;
  /** One a symbol. */
  readonly prices: readonly SymbolPrices[];
}

/** Which prices to read. */
export interface PriceRequest extends Pick<DatasetRequest, "latencyUs" | "onProgress"> {
  /** Those that labels may have. */
  readonly horizonsUs: readonly number[];
}

/**
 * Reads the prices that labels of features are made of.
 *
 * @throws {DataError} a table is damaged
 */
export async function readPrices(
  store: Store,
  read: ReadFeatures,
  { horizonsUs, onProgress, ...request }: PriceRequest,
): Promise<PricedFeatures> {
  const { ranges, features, labelKind } = read;
  const latencyUs = labelKind === "mid" ? (request.latencyUs ?? 500_000) : 0;
  const prices: SymbolPrices[] = [];
  for (const [s, range] of ranges.entries()) {
    const settings = { labelKind, latencyUs, horizonsUs } as const;
    prices.push(await symbolPrices(store, range, features[s]!, settings));
    onProgress?.(s + 1, ranges.length);
  }
  return { ...read, latencyUs, prices };
}

/**
 * The matrix of features that were read before, by a label of one's choice.
 *
 * @throws {OptionError} a horizon that there are no prices for
 */
export function labelled(
  priced: PricedFeatures,
  {
    horizonUs,
    labelRule = DIRECTION,
  }: Pick<Dataset, "horizonUs"> & Pick<LabelRequest, "labelRule">,
): Dataset {
  requireHorizon(priced, { horizonUs, labelRule });
  const { ranges, features, names, leftOut, labelKind, latencyUs, inputs, prices } = priced;
  const { exchange, barUs } = ranges[0]!;
  const series = features.map((one, s) => pricedSeries(one, prices[s]!, horizonUs));
  const symbols = ranges.map(({ symbol }) => symbol);
  const label = { horizonUs, latencyUs, labelKind, labelRule } as const;
  return assembleDataset(series, { exchange, symbols, names, leftOut, inputs, barUs, ...label });
}

/** Between bars there are prices of a book alone, and barriers are looked at bar by bar. */
function requireHorizon(
  { ranges, labelKind }: Pick<ReadFeatures, "ranges" | "labelKind">,
  { horizonUs, labelRule }: Pick<Dataset, "horizonUs" | "labelRule">,
): void {
  const { barUs } = ranges[0]!;
  const needsBars = labelKind === "close" || labelRule.kind === "triple-barrier";
  if (horizonUs > 0 && (horizonUs % barUs === 0 || !needsBars)) return;
  throw new OptionError({
    column: "horizon",
    message: `was ${horizonUs / 1e6} s, expected ${needsBars ? `a whole number of bars of ${barUs / 1e6} s` : "a time above 0"}`,
    fix: "give for example 15 bars",
  });
}
