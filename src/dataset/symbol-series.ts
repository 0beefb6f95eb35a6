import { rowMids } from "../features/row-mids.js";
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

/** Which prices to add. */
export interface PriceSettings {
  readonly labelKind: "mid" | "close";
  readonly latencyUs: number;
  readonly horizonUs: number;
}

/**
 * Adds the prices: mids of the stored book, or closes where there is none.
 *
 * @param features - with `close` among their values
 * @throws {DataError} a partition is damaged
 */
export async function pricedSeries(
  store: Store,
  range: SymbolRange,
  features: SymbolFeatures,
  { labelKind, latencyUs, horizonUs }: PriceSettings,
): Promise<SymbolSeries> {
  const { barEndUs, values, bookSource } = features;
  const { barUs } = range;
  if (labelKind === "close") {
    const halfSpreadBps = new Float64Array(barEndUs.length).fill(Number.NaN);
    return { ...features, entryPrice: values["close"]!, halfSpreadBps };
  }
  const source = bookSource === undefined ? {} : { bookSource };
  const entry = await rowMids(store, range, barEndUs, { barUs, latencyUs, ...source });
  const series = { ...features, entryPrice: entry.mid, halfSpreadBps: entry.halfSpreadBps };
  if (horizonUs % barUs === 0) return series;
  const exitUs = latencyUs + horizonUs;
  const exit = await rowMids(store, range, barEndUs, { barUs, latencyUs: exitUs, ...source });
  return { ...series, exitPrice: exit.mid };
}
