// Does what a model acts on depend on what comes after its calibration?
import type { Dataset } from "../../dataset/matrix.js";
import type { FoldFit } from "../../training/fold-fit.js";
import type { ActedOn } from "../acted-on.js";
import type { EvaluatedModel, ModelSteps } from "./model-steps.js";

/**
 * What moves in a fold's threshold, or in which of its test rows are acted on, when the test is another, and all that later folds
 * were fitted on and say.
 *
 * @param k - the fold's place
 * @param data.asItIs - what is acted on by all folds, on the dataset as it is
 * @param data.otherTest - the dataset with another test of that fold
 * @returns names of what moved
 */
export function actDifferences(
  { folds, settings }: EvaluatedModel,
  k: number,
  { asItIs, otherTest, act }: ActedData,
): readonly string[] {
  const { coverage } = settings;
  const later = folds.slice(k + 1).map((fit) => ofOtherTest(ofOtherCalibration(fit)));
  const earlier = folds.slice(0, k);
  const own = folds[k]!;
  const blind = act(otherTest, [...earlier, ofOtherTest(own), ...later], coverage);
  const { isActedOn } = act(otherTest, [...earlier, own, ...later], coverage);
  const moved: string[] = [];
  if (!Object.is(asItIs.thresholds[k], blind.thresholds[k])) moved.push("threshold");
  if (own.testRows.some((row) => asItIs.isActedOn[row] !== isActedOn[row])) {
    moved.push("rows that are acted on");
  }
  return moved;
}

/** What a threshold might be chosen on. */
interface ActedData {
  readonly asItIs: ActedOn;
  readonly otherTest: Dataset;
  readonly act: ModelSteps["act"];
}

/** A fit as it would stand had it said something else of its test. */
function ofOtherTest(fit: FoldFit): FoldFit {
  const less = (probability: number): number => probability / 2;
  return {
    ...fit,
    testLogits: fit.testLogits.map(otherLogit),
    rawProbability: fit.rawProbability.map(less),
    probability: fit.probability.map(less),
  };
}

function ofOtherCalibration(fit: FoldFit): FoldFit {
  return { ...fit, calibrateLogits: fit.calibrateLogits.map(otherLogit) };
}

function otherLogit(logit: number): number {
  return 1 - 2 * logit;
}
