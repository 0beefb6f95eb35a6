import { isShortfall, type Shortfall, shortfall } from "../../core/shortfall.js";
import { mean } from "../../core/statistics.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { hits } from "../accuracy.js";
import { type Canary, outcomesAt } from "./canary.js";
import { FREE_SETTINGS, type Pipeline } from "./pipeline.js";

const REQUIRED = 0.95;

/** So many rows can have one wrong. */
const FEWEST_ROWS = 20;

/** The planted column must be free to decide alone. */
const LOOSE_PRIOR = 100;

/**
 * Refits the logistic baseline with the label's own return among the inputs, which must be right on at least 95 % of the rows that
 * went up or down: an evaluation that does not see so plain a leak sees none. A tie is half right whoever says what, and on a
 * coarse tick many labels are ties, so they are left out.
 *
 * @returns the canary; or what is missing to fit or to judge it
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
  const outcome = outcomesAt(dataset, fit.testRows);
  const decided = hits(fit.probability, outcome).filter((_, i) => outcome[i] !== 0.5);
  if (decided.length < FEWEST_ROWS) return shortOfRows(decided.length);
  const value = mean(decided);
  const ties = 1 - decided.length / outcome.length;
  return {
    name: "label return among the inputs",
    rule: "at least 95 % of the rows that are no tie are right",
    guards: "labels that are not what they say, rows that are not matched, scores that see nothing",
    value,
    expected: REQUIRED,
    standardError: 0,
    isRight: value >= REQUIRED,
    note: ties === 0 ? "the last fold" : `the last fold, without ${(100 * ties).toFixed(1)} % ties`,
  };
}

function shortOfRows(has: number): Shortfall {
  return shortfall({
    step: "tell whether the label's return is seen among the inputs",
    what: "rows that are no tie in its test",
    has,
    needs: FEWEST_ROWS,
  });
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
