// Where is a row of the dataset not what its events give?
import type { Dataset } from "../../../dataset/matrix.js";
import { ModelInputs } from "../../../features/model-inputs.js";
import { labelAgain, looksOf } from "./label-again.js";
import { masksAgain } from "./masks-again.js";
import type { RebuiltMarket } from "./rebuilt-market.js";

/** A value of the dataset that is not what the events give. */
export interface Difference {
  readonly row: number;
  readonly column: string;
  readonly found: number;
  readonly rebuilt: number;
  /** Why the events leave the row out, where they do. */
  readonly cause?: string | undefined;
}

/** How to make a row again. */
export interface RowAgain {
  readonly market: RebuiltMarket;
  /** First row of its gap-free run. */
  readonly firstOfRun: number;
  /** Bars before it that its inputs look back on. */
  readonly lookBackBars: number;
}

/** All values of a row that differ in any bit, and whether it may be used. */
export async function differencesOf(
  dataset: Dataset,
  row: number,
  { market, firstOfRun, lookBackBars }: RowAgain,
): Promise<readonly Difference[]> {
  const { featureNames, barUs } = dataset;
  const endUs = dataset.barEndUs[row]!;
  const width = featureNames.length;
  const backUs = Math.max(market.streamUs, endUs - lookBackBars * barUs);
  const inputs = inputsAgain(dataset, endUs, { market, backUs });
  const path = looksOf(dataset, endUs).map(market.price);
  const known = dataset.labelKind === "mid" ? "mid" : "close";
  const label = labelAgain(dataset, endUs, path, {
    barsAhead: barsAhead(dataset, row),
    knownPrice: (barEndUs) => market.bar(barEndUs)(known),
    runUs: dataset.barEndUs[firstOfRun]!,
  });
  const masks = await masksAgain(dataset, row, { inputs, label }, market);
  const columns = [
    ...featureNames.map((name, j) => [name, dataset.inputs[row * width + j]!, inputs[j]!] as const),
    ...(["entryPrice", "halfSpreadBps", "labelReturn", "outcome", "labelEndUs"] as const).map(
      (name) => [name, dataset[name][row]!, label[name]] as const,
    ),
    ...(["isPredictable", "isUsable"] as const).map(
      (name) => [name, dataset[name][row]!, masks[name], masks.cause] as const,
    ),
  ];
  return columns
    .filter(([, found, rebuilt]) => !Object.is(found, rebuilt))
    .map(([column, found, rebuilt, cause]) => ({ row, column, found, rebuilt, cause }));
}

function inputsAgain(
  { featureNames, barUs }: Dataset,
  endUs: number,
  { market, backUs }: { readonly market: RebuiltMarket; readonly backUs: number },
): Float32Array {
  const model = new ModelInputs(featureNames);
  const out = new Float32Array(featureNames.length);
  let barEndUs = backUs;
  for (; barEndUs < endUs; barEndUs += barUs) model.pass(market.bar(barEndUs));
  if (barEndUs === endUs) model.update(market.bar(endUs), out, 0);
  return out;
}

/** Bars after a row's own that are there, of those that end within the horizon. */
function barsAhead(
  { barEndUs, symbolIndex, barUs, horizonUs }: Dataset,
  row: number,
): ReadonlySet<number> {
  const ahead = new Set<number>();
  for (let at = row + 1; symbolIndex[at] === symbolIndex[row]; at++) {
    const afterUs = barEndUs[at]! - barEndUs[row]!;
    if (afterUs > horizonUs) break;
    ahead.add(afterUs / barUs);
  }
  return ahead;
}
