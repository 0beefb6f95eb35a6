import { rowMidsAfter } from "../features/row-mids.js";
import type { Store } from "../store/store.js";
import type { SymbolFeatures, SymbolRange } from "./symbol-features.js";

/** A symbol's features with the prices that its labels are made of; all columns have one length. */
export interface SymbolSeries extends SymbolFeatures {
  /** Price in force at bar end plus latency, where a decision of the bar is executed; NaN where none is. */
  readonly entryPrice: Float64Array;
  /** Price in force a horizon after that; left out where the horizon is a whole number of bars. */
  readonly exitPrice?: Float64Array;
  /** Half the quoted spread at the entry, bps of the mid; NaN without a book. */
  readonly halfSpreadBps: Float64Array;
}

/** Prices of one symbol, for labels of several horizons. */
export interface SymbolPrices extends Pick<SymbolSeries, "entryPrice" | "halfSpreadBps"> {
  /** Exit prices by horizon, of those that are no whole number of bars. */
  readonly exitPrices: ReadonlyMap<number, Float64Array>;
}

/** Which prices to read. */
export interface PriceSettings {
  readonly labelKind: "mid" | "close";
  readonly latencyUs: number;
  readonly horizonsUs: readonly number[];
}

/**
 * Reads prices: mids of the stored book, or closes where there is none.
 *
 * @param features - with `close` among their values
 * @throws {DataError} a partition is damaged
 */
export async function symbolPrices(
  store: Store,
  range: SymbolRange,
  { barEndUs, values, bookSource }: SymbolFeatures,
  { labelKind, latencyUs, horizonsUs }: PriceSettings,
): Promise<SymbolPrices> {
  const { barUs } = range;
  if (labelKind === "close") {
    const halfSpreadBps = new Float64Array(barEndUs.length).fill(Number.NaN);
    return { entryPrice: values["close"]!, halfSpreadBps, exitPrices: new Map() };
  }
  const between = [...new Set(horizonsUs)].filter((horizonUs) => horizonUs % barUs !== 0);
  const latenciesUs = [0, ...between].map((horizonUs) => latencyUs + horizonUs);
  const source = bookSource === undefined ? {} : { bookSource };
  const settings = { barUs, latenciesUs, ...source };
  const [entry, ...exits] = await rowMidsAfter(store, range, barEndUs, settings);
  const exitPrices = new Map(between.map((horizonUs, k) => [horizonUs, exits[k]!.mid]));
  return { entryPrice: entry!.mid, halfSpreadBps: entry!.halfSpreadBps, exitPrices };
}

/** Adds the prices that labels of a horizon are made of. */
export function pricedSeries(
  features: SymbolFeatures,
  { entryPrice, halfSpreadBps, exitPrices }: SymbolPrices,
  horizonUs: number,
): SymbolSeries {
  const exitPrice = exitPrices.get(horizonUs);
  const series = { ...features, entryPrice, halfSpreadBps };
  return exitPrice === undefined ? series : { ...series, exitPrice };
}
