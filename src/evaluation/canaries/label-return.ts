import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { accuracy } from "../accuracy.js";
import { type Canary, outcomesAt } from "./canary.js";
import { FREE_SETTINGS, type Pipeline } from "./pipeline.js";

const REQUIRED = 0.95;

/** The planted column must be free to decide alone. */
const LOOSE_PRIOR = 100;

/**
 * Refits the logistic baseline with the label's own return among the inputs, which must score at least 95 %: an evaluation
 * that does not see so plain a leak sees none.
 *
 * @returns the canary; or what is missing to fit
 * @throws {DataError} an input without a value, or one class only
 */
export async function labelReturnAmongInputs(
  dataset: Dataset,
  fold: Fold,
  { fit: fitFold }: Pick<Pipeline, "fit">,
): Promise<Canary | Shortfall> {
  const settings = { ...FREE_SETTINGS, priorDeviations: [LOOSE_PRIOR] };
  const fit = await fitFold(withLabelReturn(dataset), fold, settings);
  if (isShortfall(fit)) return fit;
  const value = accuracy(fit.probability, outcomesAt(dataset, fit.testRows));
  return {
    name: "label return among the inputs",
    rule: "accuracy of at least 95 %",
    guards: "labels that are not what they say, rows that are not matched, scores that see nothing",
    value,
    expected: REQUIRED,
    standardError: 0,
    isRight: value >= REQUIRED,
    note: "the last fold",
  };
}

/** The dataset with one more input: the very return whose sign is to be predicted. */
function withLabelReturn(dataset: Dataset): Dataset {
  const width = dataset.featureNames.length;
  const inputs = new Float32Array(dataset.rows * (width + 1));
  for (let row = 0; row < dataset.rows; row++) {
    inputs.set(dataset.inputs.subarray(row * width, (row + 1) * width), row * (width + 1));
    inputs[row * (width + 1) + width] = dataset.labelReturn[row]!;
  }
  const hash = `${dataset.hash}, label return among the inputs`;
  return { ...dataset, inputs, featureNames: [...dataset.featureNames, "label_return"], hash };
}
