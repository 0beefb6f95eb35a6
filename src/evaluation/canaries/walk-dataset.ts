import type { Dataset } from "../../dataset/matrix.js";
import type { SymbolSeries } from "../../dataset/symbol-series.js";
import { youngFeatures } from "../../dataset/young-features.js";
import { contractOf } from "../../market/contract.js";
import type { Pipeline } from "./pipeline.js";
import type { WalkMarket, WalkSpan } from "./walk-market.js";

/** Always made: model inputs and labels need them. */
const BASE: readonly string[] = ["close", "volume_ratio_60"];

/**
 * What a pipeline makes of the events of a walk, with the settings of a dataset.
 *
 * @param span - of the dataset, over which the walk goes
 */
export async function walkSeries(
  { exchange, barUs, latencyUs, horizonUs, featureNames }: Dataset,
  { symbols }: WalkSpan,
  { events }: WalkMarket,
  { series }: Pick<Pipeline, "series">,
): Promise<readonly SymbolSeries[]> {
  const names = [...new Set([...featureNames, ...BASE])];
  // A bar without a book state is a gap, however short bars are.
  const settings = { names, barUs, staleAfterUs: barUs - 1, latencyUs, horizonUs };
  const all: SymbolSeries[] = [];
  for (const [s, runs] of events.entries()) {
    all.push(await series(runs, { ...settings, contract: contractOf(exchange, symbols[s]!) }));
  }
  return all;
}

/**
 * The dataset that a pipeline makes of a walk's series, with the settings of another, and labels that look so far ahead.
 * Features for which the walk is too short are left out.
 *
 * @param horizonUs - that of the dataset, or one bar
 */
export function walkDataset(
  { exchange, barUs, latencyUs, labelKind, labelRule, featureNames, ...dataset }: Dataset,
  series: readonly SymbolSeries[],
  { symbols }: WalkSpan,
  { assemble, horizonUs }: Pick<Pipeline, "assemble"> & { readonly horizonUs: number },
): Dataset {
  const young = youngFeatures(series, featureNames, { barUs, labelKind });
  const names = featureNames.filter((name) => !young.includes(name));
  const settings = { exchange, symbols, names, barUs, horizonUs, latencyUs, labelKind, labelRule };
  if (horizonUs === dataset.horizonUs) return assemble(series, settings);
  // Prices a horizon later are those of the dataset's own one.
  const whole = series.map(({ exitPrice: _, ...one }): SymbolSeries => one);
  return assemble(whole, settings);
}
