// Do the evaluated bytes come from this data and these settings, and has what is evaluated seen the test?
import { seededRandom } from "../../core/random.js";
import { isShortfall, type Shortfall, shortfall } from "../../core/shortfall.js";
import type { Dataset, Fold } from "../../dataset/matrix.js";
import { narrowed } from "../../dataset/narrowed.js";
import { predictUntested } from "../../training/finish-fold.js";
import type { FoldFit } from "../../training/fold-fit.js";
import { readsWindows, type TrainingSettings } from "../../training/settings.js";
import { untestedRowsOf } from "../../training/untested-rows.js";
import { withOtherTest } from "../invariance.js";
import { actDifferences } from "./act-differences.js";
import type { Canary } from "./canary.js";
import { type CanaryShortfall, notRun } from "./canary-shortfall.js";
import { type EvaluatedModel, MODEL_STEPS, type ModelSteps } from "./model-steps.js";
import { refitDifferences, refitDistance } from "./refit-differences.js";

/**
 * How far two fits' probabilities may lie apart, in shares of how far they lie from one half, for the refit to be right. One thread
 * against two moved those of the usual MLP by 4e-8 to 1.5e-7 on 6,000 to 24,000 rows of 53 inputs, of LSTMs by 3e-8 at most;
 * tfjs in JavaScript moved networks by 9e-8. How far a GPU does was not measured.
 */
const TOLERANCES: Readonly<Record<EvaluatedModel["sums"], number>> = {
  "as here": 0,
  "by other threads, another processor or library": 1e-6,
  "on a GPU": 0.01,
};

/**
 * How far sums in another order may have moved them for all that is known. Steps of a network carry last bits on and can drive fits
 * apart: on 100,000 rows two threads moved the usual MLP by 0.03, another seed or other data moved one by more than 1. A logistic
 * fit has one optimum, which rounding does not leave; 15 test rows among those trained on moved it by 4e-3 and more.
 */
const COULD_BE_ROUNDING = { network: 0.3, line: 1e-3 } as const;

/**
 * Fits folds of every model once more, by its own settings and seed, on data that are others after the fold's last fitted row:
 * all folds of what is fitted soon, of an LSTM or Transformer the last one and another that is drawn. Of an ensemble the members
 * are, too. Scaler, weights, calibrator and learning curve must come out as they were evaluated, and so must what the refit says
 * of the test rows as they are: then none of it has seen the test, and all of it comes from this data and these settings. Neither
 * may any fold's threshold move.
 *
 * It is compared to the bit where the same fit gives the same bits. What other threads, another processor or library, or a GPU
 * has fitted is held against a refit on the data as they are, by its probabilities, which may lie apart by no more than sums in
 * another order move them. Where they lie farther apart, but not too far for rounding, the canary cannot say. Of what other code has fitted, all folds
 * must come out to the bit: where they do not, the code may be why as well as the test, and the canary cannot say.
 *
 * @param folds - those of the evaluated models, in time order
 * @returns a canary for each model; or, of one that must be trained again, what is missing
 * @throws {DataError} the altered data cannot be fitted
 */
export async function refittedModels(
  dataset: Dataset,
  folds: readonly Fold[],
  models: readonly EvaluatedModel[],
  { seed, steps = MODEL_STEPS }: { readonly seed: number; readonly steps?: ModelSteps },
): Promise<readonly (Canary | CanaryShortfall)[]> {
  if (folds.length === 0) return [];
  const asked = models.map((model) => {
    return {
      model,
      refits: refittedFolds(model, folds.length, seed),
      asItIs: steps.act(dataset, model.folds, model.settings.coverage),
      found: new Map<number, Finding>(),
    };
  });
  for (const [k, fold] of folds.entries()) {
    const otherTest = withOtherTest(dataset, fold);
    for (const { model, refits, asItIs, found } of asked) {
      const acted = actDifferences(model, k, { asItIs, otherTest, act: steps.act });
      if (acted.length > 0) found.set(k, wrong(acted));
      else if (refits.has(k) && !isOfOtherCode(found)) {
        found.set(k, await judge(model, model.folds[k]!, { dataset, otherTest, fold, steps }));
      }
    }
  }
  return asked.map(({ model, refits, found }) => {
    const verdicts = new Set([...found.values()].map(({ verdict }) => verdict));
    if (!verdicts.has("wrong") && verdicts.has("of other code")) return ofOtherCode(model);
    if (!verdicts.has("wrong") && verdicts.has("of other sums")) return ofOtherSums(model, found);
    return canary(model, folds.length, { refits, found });
  });
}

/** True when other code has fitted a fold otherwise: one is enough. */
function isOfOtherCode(found: ReadonlyMap<number, Finding>): boolean {
  return [...found.values()].some(({ verdict }) => verdict === "of other code");
}

/** How a fold came out: what moved, or how far its fits lie apart where bits cannot be asked for. */
interface Finding {
  /** Neither right nor wrong where other code, or sums in another order, may be why it moved. */
  readonly verdict: "right" | "wrong" | "of other code" | "of other sums";
  readonly apart: number;
  readonly note: string;
}

/** Places of the folds that are fitted again. */
function refittedFolds(
  { name, settings, isOfThisCode }: EvaluatedModel,
  count: number,
  seed: number,
): Set<number> {
  if (!isSlow(settings) || !isOfThisCode)
    return new Set(Array.from({ length: count }, (_, k) => k));
  const other = seededRandom(seed, `refitted folds of ${name}`).below(Math.max(1, count - 1));
  return new Set([other, count - 1]);
}

/** True where fitting all folds once more would take as long as training did. */
function isSlow(settings: TrainingSettings): boolean {
  if (settings.model === "ensemble") return settings.members.some((one) => isSlow(one.settings));
  return readsWindows(settings.model);
}

function nameOf(model: string): string {
  return `${model} refitted without its test`;
}

function canary(
  { name }: EvaluatedModel,
  folds: number,
  {
    refits,
    found,
  }: { readonly refits: ReadonlySet<number>; readonly found: ReadonlyMap<number, Finding> },
): Canary {
  const findings = [...found];
  const moved = findings.filter(([, { verdict }]) => verdict === "wrong");
  const apart = findings.reduce((most, [, finding]) => Math.max(most, finding.apart), 0);
  const told = (moved.length > 0 ? moved : findings.filter(([, { note }]) => note !== ""))
    .map(([k, { note }]) => `fold ${k + 1} ${note}`)
    .join("; ");
  const about = aboutFolds(refits, folds);
  return {
    name: nameOf(name),
    model: name,
    rule: "what was fitted, the threshold and what is said of the test come out the same from data whose test is another",
    guards:
      "a trainer, calibrator, stop or threshold that has seen the test; a model of other data, settings or seed",
    value: moved.length > 0 ? moved.length / folds : apart,
    expected: 0,
    standardError: 0,
    isRight: moved.length === 0,
    note: told === "" ? `${about}, to the bit` : `${about}: ${told}`,
  };
}

function aboutFolds(refits: ReadonlySet<number>, folds: number): string {
  if (folds === 1) return "the one fold";
  if (refits.size === folds) return `all ${folds} folds`;
  const places = [...refits].sort((a, b) => a - b).map((k) => k + 1);
  return `folds ${places.join(" and ")} of ${folds}, thresholds of all`;
}

interface RefitData {
  readonly dataset: Dataset;
  /** The same with another test. */
  readonly otherTest: Dataset;
  readonly fold: Fold;
  readonly steps: ModelSteps;
}

async function judge(model: EvaluatedModel, evaluated: FoldFit, data: RefitData): Promise<Finding> {
  const { dataset, otherTest } = data;
  const { isRepeatable, isOfThisCode, sums } = model;
  const blind = await refit(model, otherTest, data);
  if (isShortfall(blind)) return { ...wrong([]), note: "could not be fitted without its test" };
  const moved = refitDifferences(evaluated, blind);
  if (moved.length === 0) return { verdict: "right", apart: 0, note: "" };
  if (!isOfThisCode) return { ...wrong(moved), verdict: "of other code" };
  if (sums === "as here") return wrong(moved);
  const seeing = await refit(model, dataset, data);
  if (isShortfall(seeing)) return wrong(moved);
  const knows = isRepeatable ? refitDifferences(seeing, blind) : [];
  if (knows.length > 0) return wrong(knows, "refits moved");
  const apart = Math.max(refitDistance(evaluated, seeing), refitDistance(seeing, blind));
  const allowed = TOLERANCES[sums];
  const note = `was fitted ${sums}: probabilities lie ${percent(apart)} apart, at most ${percent(allowed)} is allowed`;
  if (apart <= allowed) return { verdict: "right", apart, note };
  const couldBe = COULD_BE_ROUNDING[model.settings.model === "logistic" ? "line" : "network"];
  return { verdict: apart <= couldBe ? "of other sums" : "wrong", apart, note };
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

function wrong(moved: readonly string[], what = "moved"): Finding {
  const note = `${what} in ${moved.join(", ")}`;
  return { verdict: "wrong", apart: Number.POSITIVE_INFINITY, note };
}

function ofOtherCode({ name }: EvaluatedModel): CanaryShortfall {
  const lack = shortfall({
    step: `tell whether ${name} has seen its test (other code than this has fitted it: train it again with this code)`,
    what: `fits of ${name} by this code`,
    has: 0,
    needs: 1,
  });
  return notRun(lack, nameOf(name));
}

function ofOtherSums(
  { name, sums }: EvaluatedModel,
  found: ReadonlyMap<number, Finding>,
): CanaryShortfall {
  const apart = Math.max(...[...found.values()].map((finding) => finding.apart));
  const why = `it was fitted ${sums}, and probabilities of a refit lie ${percent(apart)} apart, which may be rounding`;
  const lack = shortfall({
    step: `tell whether ${name} has seen its test (${why}: train it again here)`,
    what: `fits of ${name} that sum as here`,
    has: 0,
    needs: 1,
  });
  return notRun(lack, nameOf(name));
}

/** A fit on some data, with what its predictor says of the test rows as they are. */
async function refit(
  { settings, seed }: EvaluatedModel,
  seen: Dataset,
  { dataset, fold, steps }: RefitData,
): Promise<FoldFit | Shortfall> {
  const fit = await steps.train(seen, fold, settings, seed);
  if (isShortfall(fit)) return fit;
  const { logits, probability } = await steps.predict(fit, dataset, fit.testRows);
  const { inputs } = narrowed(dataset, fit.predictor.featureNames);
  const untestedProbability = await predictUntested(fit.predictor, inputs, untestedRowsOf(fit));
  return { ...fit, testLogits: logits, probability, untestedProbability };
}
