// May a row be used? Judged again by its rebuilt inputs and label, and by nothing else of what the store says.
import type { Dataset } from "../../../dataset/matrix.js";
import { KEPT, LEFT_OUT_CAUSES, NO_BOOK, rowRule } from "../../../features/row-rule.js";
import type { LabelAgain } from "./label-again.js";
import type { RebuiltMarket } from "./rebuilt-market.js";

/** The masks of a row. */
export interface MasksAgain {
  readonly isPredictable: 0 | 1;
  readonly isUsable: 0 | 1;
  /** Why it is left out; undefined where it is not. */
  readonly cause: string | undefined;
}

/**
 * Judges a row: what a model can be asked in may be used wherever it has a label, whatever its outcome.
 *
 * @param inputs - of the row, rebuilt
 * @param label - of the row, rebuilt
 */
export async function masksAgain(
  dataset: Dataset,
  row: number,
  { inputs, label }: { readonly inputs: Float32Array; readonly label: LabelAgain },
  market: RebuiltMarket,
): Promise<MasksAgain> {
  const code = await codeAgain(dataset, row, inputs, market);
  if (code !== KEPT) return { isPredictable: 0, isUsable: 0, cause: LEFT_OUT_CAUSES[code] };
  const hasLabel = !Number.isNaN(label.outcome);
  return {
    isPredictable: Number.isNaN(label.labelEndUs) ? 0 : 1,
    isUsable: hasLabel ? 1 : 0,
    cause: hasLabel ? undefined : "no label",
  };
}

async function codeAgain(
  dataset: Dataset,
  row: number,
  inputs: Float32Array,
  market: RebuiltMarket,
): Promise<number> {
  const { featureNames, barUs, labelKind } = dataset;
  const endUs = dataset.barEndUs[row]!;
  const lacksBook = labelKind === "mid" && Number.isNaN(market.bar(endUs)("mid"));
  const code = lacksBook ? NO_BOOK : KEPT;
  // How old the stream is matters only where something is missing.
  if (!inputs.some(Number.isNaN)) return code;
  const hasBegun = begunInputs(dataset, row, inputs, market.streamUs);
  const judge = rowRule(featureNames, barUs, market.source);
  return Math.min(judge(inputs, 0, await market.age(endUs), hasBegun), code);
}

/** Of each input, 1 where it has had a value since the stream began; in rows before, as the dataset has them. */
function begunInputs(
  { featureNames, inputs, barEndUs, barUs }: Dataset,
  row: number,
  again: Float32Array,
  streamUs: number,
): Uint8Array {
  const width = featureNames.length;
  const first = row - Math.round((barEndUs[row]! - streamUs) / barUs);
  return Uint8Array.from(again, (value, j) => {
    let has = !Number.isNaN(value);
    for (let at = row - 1; !has && at >= first; at--) has = !Number.isNaN(inputs[at * width + j]!);
    return Number(has);
  });
}
