// Where is a row of the dataset not what its events give?
import type { Dataset } from "../../../dataset/matrix.js";
import { ModelInputs } from "../../../dataset/model-inputs.js";
import { labelAgain, looksOf } from "./label-again.js";
import type { RebuiltMarket } from "./rebuilt-market.js";

/** A value of the dataset that is not what the events give. */
export interface Difference {
  readonly row: number;
  readonly column: string;
  readonly found: number;
  readonly rebuilt: number;
}

/**
 * All values of a row that differ in any bit.
 *
 * @param backUs - end of the first bar that its inputs look back on
 */
export function differencesOf(
  dataset: Dataset,
  row: number,
  { market, backUs }: { readonly market: RebuiltMarket; readonly backUs: number },
): readonly Difference[] {
  const { featureNames, inputs } = dataset;
  const endUs = dataset.barEndUs[row]!;
  const width = featureNames.length;
  const again = inputsAgain(dataset, endUs, { market, backUs });
  const path = looksOf(dataset, endUs).map(market.price);
  const known = dataset.labelKind === "mid" ? "mid" : "close";
  const label = labelAgain(dataset, endUs, path, (barEndUs) => market.bar(barEndUs)(known));
  const columns = [
    ...featureNames.map((name, j) => [name, inputs[row * width + j]!, again[j]!] as const),
    ...(["entryPrice", "halfSpreadBps", "labelReturn", "outcome", "labelEndUs"] as const).map(
      (name) => [name, dataset[name][row]!, label[name]] as const,
    ),
  ];
  return columns
    .filter(([, found, rebuilt]) => !Object.is(found, rebuilt))
    .map(([column, found, rebuilt]) => ({ row, column, found, rebuilt }));
}

function inputsAgain(
  { featureNames, barUs }: Dataset,
  endUs: number,
  { market, backUs }: { readonly market: RebuiltMarket; readonly backUs: number },
): Float32Array {
  const model = new ModelInputs(featureNames);
  const out = new Float32Array(featureNames.length);
  for (let barEndUs = backUs; barEndUs <= endUs; barEndUs += barUs) {
    model.update(market.bar(barEndUs), out, 0);
  }
  return out;
}
