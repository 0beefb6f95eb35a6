import { isShortfall, shortfall } from "../../core/shortfall.js";
import { mean } from "../../core/statistics.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { hits } from "../accuracy.js";
import { type Canary, outcomesAt } from "./canary.js";
import { type CanaryShortfall, notRun, tooShort } from "./canary-shortfall.js";
import { FREE_SETTINGS, type Pipeline } from "./pipeline.js";

const NAME = "label return among the inputs";

const REQUIRED = 0.95;

/** So many rows can have one wrong. */
const FEWEST_ROWS = 20;

/** The planted column must be free to decide alone. */
const LOOSE_PRIOR = 100;

/** To the prior so many copies are one column that is twice as far from the middle. */
const COPIES = 4;

/**
 * Refits the logistic baseline with the side of the label's own return among the inputs, which must be right on at least 95 % of the
 * rows that went up or down: an evaluation that does not see so plain a leak sees none. A tie is half right whoever says what, and
 * on a coarse tick many labels are ties, so they are left out.
 *
 * A few days have fewer labels that do not overlap than a market has inputs, which then tell the training apart without the return
 * and overrule it in the test. So its side is planted, which is as clear of a small return as of a large one, and in copies, which
 * are the least weights that tell all apart. The inputs stay beside it: what is fitted on rows that do not match follows them.
 *
 * @returns the canary; or what is missing to fit or to judge it
 * @throws {DataError} an input without a value, or one class only
 */
export async function labelReturnAmongInputs(
  dataset: Dataset,
  fold: Fold,
  { fit: fitFold }: Pick<Pipeline, "fit">,
): Promise<Canary | CanaryShortfall> {
  const settings = { ...FREE_SETTINGS, priorDeviations: [LOOSE_PRIOR] };
  const fit = await fitFold(withLabelReturn(dataset), fold, settings);
  if (isShortfall(fit)) return tooShort(fit, NAME);
  const outcome = outcomesAt(dataset, fit.testRows);
  const decided = hits(fit.probability, outcome).filter((_, i) => outcome[i] !== 0.5);
  if (decided.length < FEWEST_ROWS) return shortOfRows(decided.length);
  const value = mean(decided);
  const ties = 1 - decided.length / outcome.length;
  const without = ties === 0 ? "" : ` without ${(100 * ties).toFixed(1)} % ties`;
  return {
    name: NAME,
    rule: "at least 95 % of the rows that are no tie are right",
    guards: "labels that are not what they say, rows that are not matched, scores that see nothing",
    value,
    expected: REQUIRED,
    standardError: 0,
    isRight: value >= REQUIRED,
    note: `the last fold${without}, with the return's side in ${COPIES} columns`,
  };
}

function shortOfRows(has: number): CanaryShortfall {
  const lack = shortfall({
    step: "tell whether the label's return is seen among the inputs",
    what: "rows that are no tie in its test",
    has,
    needs: FEWEST_ROWS,
  });
  return { ...notRun(lack, NAME), remedy: "Give more days." };
}

/** The dataset with some inputs more: in each the side of the very return that is to be predicted. */
function withLabelReturn(dataset: Dataset): Dataset {
  const { rows, labelReturn, featureNames } = dataset;
  const width = featureNames.length;
  const wider = width + COPIES;
  const inputs = new Float32Array(rows * wider);
  for (let row = 0; row < rows; row++) {
    inputs.set(dataset.inputs.subarray(row * width, (row + 1) * width), row * wider);
    inputs.fill(Math.sign(labelReturn[row]!), row * wider + width, (row + 1) * wider);
  }
  const planted = Array.from({ length: COPIES }, (_, k) => `label_return_${k + 1}`);
  const hash = `${dataset.hash}, label return among the inputs`;
  return { ...dataset, inputs, featureNames: [...featureNames, ...planted], hash };
}
