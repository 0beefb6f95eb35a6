// Do the evaluated bytes come from this data and these settings, and has what is evaluated seen the test?
import { concatenate } from "../../core/columns.js";
import { isShortfall, type Shortfall } from "../../core/shortfall.js";
import { mean } from "../../core/statistics.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { narrowed } from "../../dataset/narrowed.js";
import { calibrate } from "../../models/calibrator.js";
import { predictUntested } from "../../training/finish-fold.js";
import type { FoldFit } from "../../training/fold-fit.js";
import type { UntestedRows } from "../../training/slice-rows.js";
import { fittedParts, withOtherTest } from "../invariance.js";
import type { Canary } from "./canary.js";
import { type EvaluatedModel, MODEL_STEPS, type ModelSteps } from "./model-steps.js";

/**
 * How far sums in another order may move probabilities, in shares of how far they lie from one half. Other threads and tfjs in
 * JavaScript moved those of an MLP by 1e-7; how far a GPU does was not measured.
 */
const TOLERANCE = 0.01;

/** Probabilities that are no surer than this are noise. */
const LEAST_SURENESS = 0.02;

/**
 * Fits the last fold of every model once more, by its own settings and seed, on data that are others after its last fitted row.
 * Scaler, weights, calibrator, threshold and learning curve must come out as they were evaluated, and so must what the refit
 * says of the test rows as they are: then none of it has seen the test, and all of it comes from this data and these settings.
 *
 * It is compared to the bit where the same fit gives the same bits. What was fitted by other code or another library is held
 * against a refit on the data as they are, by its probabilities; so is everything on a GPU. They may lie apart by 1 % of how far
 * they are from one half.
 *
 * @param folds - those of the evaluated models, in time order
 * @returns a canary for each model
 * @throws {DataError} the altered data cannot be fitted
 */
export async function refittedModels(
  dataset: Dataset,
  folds: readonly Fold[],
  models: readonly EvaluatedModel[],
  steps: ModelSteps = MODEL_STEPS,
): Promise<readonly Canary[]> {
  const fold = folds.at(-1);
  if (fold === undefined) return [];
  const otherTest = withOtherTest(dataset, fold);
  const canaries: Canary[] = [];
  for (const model of models) {
    const found = await judge(model, { dataset, otherTest, fold, steps });
    canaries.push({
      name: `${model.name} refitted without its test`,
      rule: "what was fitted, the threshold and what is said of the test come out the same from data whose test is another",
      guards: `a trainer, calibrator, stop or threshold of ${model.name} that has seen the test; a model of other data, settings or seed`,
      expected: 0,
      standardError: 0,
      isRight: found.value === 0,
      ...found,
    });
  }
  return canaries;
}

interface RefitData {
  readonly dataset: Dataset;
  /** The same with another test. */
  readonly otherTest: Dataset;
  readonly fold: Fold;
  readonly steps: ModelSteps;
}

type Finding = Pick<Canary, "value" | "note"> & Partial<Pick<Canary, "isRight">>;

/** A fit with what its predictor says of the test rows as they are, and the rows that it is sure enough of. */
interface Told {
  readonly fit: FoldFit;
  readonly threshold: number;
  readonly isActedOn: Uint8Array;
}

async function judge(model: EvaluatedModel, data: RefitData): Promise<Finding> {
  const { dataset, otherTest, steps } = data;
  const { settings, isRepeatable, isFittedHere } = model;
  const own = model.folds.at(-1)!;
  const { thresholds, isActedOn } = steps.act(dataset, [own], settings.coverage);
  const evaluated = { fit: own, threshold: thresholds[0]!, isActedOn };
  const blind = await refit(model, otherTest, data);
  if (isShortfall(blind)) return { value: 1, note: "nothing could be fitted without the test" };
  const moved = differences(evaluated, blind);
  const note = "the last fold, to the bit";
  if (moved.length === 0) return { value: 0, note };
  const wrong = { value: 1, note: `${note}: moved in ${moved.join(", ")}` };
  if (isRepeatable && isFittedHere) return wrong;
  const seeing = await refit(model, dataset, data);
  if (isShortfall(seeing)) return wrong;
  const knows = isRepeatable ? differences(seeing, blind) : [];
  if (knows.length > 0) return { value: 1, note: `refits moved in ${knows.join(", ")}` };
  const apart = Math.max(distance(evaluated, seeing), distance(seeing, blind));
  const why = isRepeatable ? "fitted by other code or another library" : "fitted on a GPU";
  const said = `${why}: probabilities lie ${(100 * apart).toFixed(2)} % apart`;
  return { value: apart, isRight: apart <= TOLERANCE, note: `${said}, at most 1 % is allowed` };
}

async function refit(
  { settings, seed }: EvaluatedModel,
  seen: Dataset,
  { dataset, fold, steps }: RefitData,
): Promise<Told | Shortfall> {
  const fit = await steps.train(seen, fold, settings, seed);
  if (isShortfall(fit)) return fit;
  const { predictor, testRows } = fit;
  const { probability } = await steps.predict(fit, dataset, testRows);
  const { inputs } = narrowed(dataset, predictor.featureNames);
  const untestedProbability = await predictUntested(predictor, inputs, untestedOf(fit));
  const asTheyAre = { ...fit, probability, untestedProbability };
  return {
    fit: asTheyAre,
    threshold: steps.act(seen, [fit], settings.coverage).thresholds[0]!,
    isActedOn: steps.act(seen, [asTheyAre], settings.coverage).isActedOn,
  };
}

function untestedOf({ untestedRows: rows, untestedProbability }: FoldFit): UntestedRows {
  return { rows, asked: rows.filter((_, i) => !Number.isNaN(untestedProbability[i]!)) };
}

/** Names of the parts that are not the same to the bit. */
function differences(a: Told, b: Told): readonly string[] {
  const [before, after] = [partsOf(a), partsOf(b)];
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}

function partsOf({ fit, threshold, isActedOn }: Told): ReadonlyMap<string, string> {
  return new Map([
    ...fittedParts(fit.predictor),
    ["penalty", JSON.stringify(fit.penalty ?? {})],
    ["learning curve", JSON.stringify(fit.history)],
    ["log-odds of the calibration slice", hex(fit.calibrateLogits)],
    ["threshold", hex(Float64Array.of(threshold))],
    ["test rows", hex(fit.testRows)],
    ["probabilities of the test", hex(fit.probability)],
    ["probabilities of rows without a label", hex(fit.untestedProbability)],
    ["rows that are acted on", hex(isActedOn)],
  ]);
}

function hex({ buffer, byteOffset, byteLength }: Float64Array | Uint32Array | Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("hex");
}

/** How far two fits' probabilities and thresholds lie apart, in shares of how far the first's lie from one half. */
function distance(a: Told, b: Told): number {
  if (hex(a.fit.testRows) !== hex(b.fit.testRows)) return Number.POSITIVE_INFINITY;
  const [ours, theirs] = [probabilitiesOf(a), probabilitiesOf(b)];
  const size = Math.max(LEAST_SURENESS, rootMeanSquare(ours.map((p) => p - 0.5)));
  const apart = rootMeanSquare(ours.map((p, i) => p - theirs[i]!));
  return Math.max(apart, Math.abs(a.threshold - b.threshold)) / size;
}

function probabilitiesOf({ fit }: Told): Float64Array {
  const { calibrator } = fit.predictor;
  return concatenate([calibrate(calibrator, fit.calibrateLogits), fit.probability]);
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(mean(values.map((value) => value * value)));
}
