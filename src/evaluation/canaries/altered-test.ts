// What knows the test, moves with it. Two canaries alter the test and ask what has changed.
import { isShortfall } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { predictorToBytes } from "../../models/predictor.js";
import { isAtBound } from "../../models/temperature.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { LOGISTIC_SETTINGS } from "../../training/settings.js";
import { type FitFold, fittedBytesMove } from "../invariance.js";
import { type Canary, testBeginUs } from "./canary.js";
import { type CanaryShortfall, tooShort } from "./canary-shortfall.js";
import { FREE_SETTINGS, type Pipeline } from "./pipeline.js";

const NAMES = { fitted: "altered test", said: "altered test labels" } as const;

/**
 * Alters all inputs after the last fitted row of each fold, and prices and labels from its first test row on; then only what the
 * test rows' labels say. The first may move no fitted byte, the second nothing at all that is said of the test.
 *
 * @returns the two canaries; or what is missing to fit
 * @throws {DataError} an input without a value, or one class only
 */
export async function alteredTest(
  dataset: Dataset,
  folds: readonly Fold[],
  { fit: fitFold }: Pick<Pipeline, "fit">,
): Promise<readonly Canary[] | CanaryShortfall> {
  const fitted: string[] = [];
  const said: string[] = [];
  for (const [k, fold] of folds.entries()) {
    const moved = await fittedBytesMove(dataset, fold, await asModels(dataset, fold, fitFold));
    if (isShortfall(moved)) return tooShort(moved, NAMES.fitted, NAMES.said);
    if (moved.length > 0) fitted.push(`fold ${k + 1}: ${moved.join(", ")}`);
    const reference = await fitFold(dataset, fold, FREE_SETTINGS);
    const blind = await fitFold(withOtherLabels(dataset, fold), fold, FREE_SETTINGS);
    if (isShortfall(reference)) return tooShort(reference, NAMES.fitted, NAMES.said);
    const changed = isShortfall(blind) ? ["rows"] : differences(reference, blind);
    if (changed.length > 0) said.push(`fold ${k + 1}: ${changed.join(", ")}`);
  }
  return [
    canary(fitted, folds.length, {
      name: NAMES.fitted,
      rule: "no fitted byte moves with inputs after the last fitted row, or with prices and labels from the first test row on",
      guards:
        "scaler, weights, penalty, early stop or calibrator fitted on test rows or on inputs of a later bar; a purge that is off",
    }),
    canary(said, folds.length, {
      name: NAMES.said,
      rule: "neither a probability, nor which rows get one, moves with the labels of the test",
      guards: "a threshold, coverage or stop chosen on the test",
    }),
  ];
}

/**
 * Fits as models are fitted, but with Platt's calibrator where the temperature is at its bound: what a purge that is off lets
 * through are few labels, which the one always answers to and the other not then.
 */
async function asModels(dataset: Dataset, fold: Fold, fitFold: Pipeline["fit"]): Promise<FitFold> {
  const first = await fitFold(dataset, fold, LOGISTIC_SETTINGS);
  if (!isShortfall(first)) {
    const { calibrator } = first.predictor;
    if (calibrator.kind === "temperature" && isAtBound(calibrator)) {
      return (data, on) => fitFold(data, on, { ...LOGISTIC_SETTINGS, calibrator: "platt" });
    }
  }
  return async (data, on) =>
    data === dataset ? first : await fitFold(data, on, LOGISTIC_SETTINGS);
}

function canary(
  moved: readonly string[],
  folds: number,
  told: Pick<Canary, "name" | "rule" | "guards">,
): Canary {
  const all = folds === 1 ? "the one fold" : `all ${folds} folds`;
  const note = moved.length === 0 ? all : `moved in ${moved.join("; ")}`;
  const value = moved.length / folds;
  return { ...told, value, expected: 0, standardError: 0, isRight: value === 0, note };
}

/** The opposite labels at and after the first test row; inputs stay. */
function withOtherLabels(dataset: Dataset, fold: Fold): Dataset {
  const beginUs = testBeginUs(dataset, fold);
  const isTest = (row: number): boolean => dataset.barEndUs[row]! >= beginUs;
  return {
    ...dataset,
    outcome: dataset.outcome.map((up, row) => (isTest(row) ? 1 - up : up)),
    labelReturn: dataset.labelReturn.map((change, row) => (isTest(row) ? -change : change)),
    hash: `${dataset.hash}, other labels from ${beginUs}`,
  };
}

/** Parts of a fit that are not the same to the bit. */
function differences(a: FoldFit, b: FoldFit): readonly string[] {
  const parts: readonly (readonly [string, (fit: FoldFit) => Uint8Array])[] = [
    ["fitted bytes", (fit) => predictorToBytes(fit.predictor)],
    ["rows", ({ testRows }) => bytesOf(testRows)],
    ["raw probability", ({ rawProbability }) => bytesOf(rawProbability)],
    ["probability", ({ probability }) => bytesOf(probability)],
    ["learning curve", ({ history }) => new TextEncoder().encode(JSON.stringify(history))],
  ];
  return parts.flatMap(([name, of]) => (Buffer.compare(of(a), of(b)) === 0 ? [] : [name]));
}

function bytesOf({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
