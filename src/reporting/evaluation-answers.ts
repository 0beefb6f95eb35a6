// What do models' figures say, in words?

import type { Uncertainty } from "../core/block-bootstrap.js";
import { excludedText } from "../core/excluded-text.js";
import { FEWEST_BLOCKS } from "../core/few-blocks.js";
import { isShortfall, type Shortfall, shortfall, shortfallText } from "../core/shortfall.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import type { Experiment } from "../evaluation/experiment.js";
import { auditSentences, auditWarning, badFittedRows } from "./audit-tables.js";
import {
  cautionOf,
  isBounceProne,
  markOf,
  percentText,
  ratioInterval,
} from "./evaluation-marks.js";
import type { ReportFacts } from "./facts.js";
import { BOUNCE_PRONE, labelClause } from "./label-text.js";
import { readsFeatures, TEST_MAJORITY } from "./model-names.js";
import type { Check } from "./validate.js";

/** The models of an evaluation; none where there was too little data. */
export function modelsOf(evaluation: Evaluation | Shortfall): readonly ModelEvaluation[] {
  return isShortfall(evaluation) ? [] : evaluation.models;
}

/** The straight line through all features, or that through the base features where there is no other. */
export function baselineOf(evaluation: Evaluation | Shortfall): ModelEvaluation | Shortfall {
  const named = (name: string): ModelEvaluation | undefined =>
    modelsOf(evaluation).find(({ model }) => model === name);
  if (isShortfall(evaluation)) return evaluation;
  const found = named("logistic") ?? named("logistic-base");
  if (found !== undefined) return found;
  const what = "logistic regressions that could be fitted";
  return shortfall({ step: "judge a straight line", what, has: 0, needs: 1 });
}

/** The model of which a promotion would be asked: the most accurate one that reads features. */
export function leadingModel(evaluation: Evaluation | Shortfall): ModelEvaluation | Shortfall {
  return isShortfall(evaluation) ? evaluation : bestModel(evaluation.models);
}

/** In words: rows, what was left out and why, and how the test lies after the training. */
export function experimentFindings({ dataset, slices }: Experiment): string {
  const usable = dataset.isUsable.reduce((sum, one) => sum + one, 0);
  const causes = excludedText(dataset.excluded);
  const kept = slices.reduce((sum, { rows }) => sum + rows, 0);
  const left = causes === "" ? "none is left out" : `left out are ${causes}`;
  const bounce = dataset.labelKind === "close" ? ` There is no book. **${BOUNCE_PRONE}.**` : "";
  return (
    `Predicted is ${labelClause(dataset)}. **${count(usable)} of ${count(dataset.rows)} bars** can be used with ${dataset.featureNames.length} inputs each; ${left}. ` +
    `The folds take ${count(kept)}; the rest is purged or touched by bad hours. ${auditSentences(slices)}${bounce}`
  );
}

/**
 * The checks of a model notebook: the test lies after the training, canaries came out right, and in simulation the order
 * oracle ≥ attainable ≥ model holds within three standard errors. Undecided where there is nothing to check.
 */
export function evaluationChecks(
  evaluation: Evaluation | Shortfall,
): Readonly<Record<string, Check>> {
  const models = modelsOf(evaluation);
  const slices = isShortfall(evaluation) ? null : overlappingSlices(evaluation);
  const badFitted = isShortfall(evaluation) ? null : badFittedRows(evaluation.slices);
  const canaries = isShortfall(evaluation) || evaluation.canaries.length === 0 ? null : evaluation;
  const order = models.flatMap(({ model, ceilings }): [string, Check][] =>
    ceilings === undefined
      ? []
      : [
          [
            `${model}: model above attainable, in standard errors`,
            below(ceilings.attainableMinusModel),
          ],
          [
            `${model}: attainable above oracle, in standard errors`,
            below(ceilings.oracleMinusAttainable),
          ],
        ],
  );
  return {
    "test rows": [models[0]?.rows ?? null, ">", 0],
    "models on other rows than the first": [otherRows(models), "=", 0],
    "fewest independent rows of a model": [fewestIndependent(models), ">", 0],
    "slices that reach into the next one": [slices, "=", 0],
    "rows of bad hours that were fitted on": [badFitted, "=", 0],
    "canaries that came out wrong": [
      canaries?.canaries.filter(({ isRight }) => !isRight).length ?? null,
      "=",
      0,
    ],
    ...Object.fromEntries(order),
  };
}

/** Answer of the baseline's notebook: accuracy beside majority and attainable. */
export function baselineAnswer(evaluation: Evaluation | Shortfall): ReportFacts {
  if (isShortfall(evaluation)) return undecided(evaluation);
  const model = baselineOf(evaluation);
  if (isShortfall(model)) return undecided(model);
  const facts = againstMajority(model);
  const figures = keyFigures(model);
  return marked({ ...facts, answer: warned(facts.answer, evaluation), figures }, evaluation);
}

/** Answer of the evaluation's notebook: whether any model would be promoted, and what stands in the way. */
export function promotionAnswer(evaluation: Evaluation | Shortfall): ReportFacts {
  if (isShortfall(evaluation)) return undecided(evaluation);
  const { models, isVoid, isSimulated } = evaluation;
  const best = bestModel(models);
  const figures = keyFigures(best);
  if (isVoid) {
    const answer = "VOID: a canary did not score as it must, so no figure here can be believed.";
    return { verdict: "fail", answer, figures, ...cautionOf(evaluation) };
  }
  if (isBounceProne(best)) {
    const answer = `${markOf(evaluation)}gates are not evaluated: labels are on trade closes, so no model of this data can be promoted.`;
    return {
      verdict: best.verdict,
      answer: warned(answer, evaluation),
      figures,
      ...cautionOf(evaluation),
    };
  }
  const passed = models.filter(({ verdict }) => verdict === "pass");
  const market = isSimulated ? "the simulated market" : "this market";
  if (passed.length > 0) {
    const names = passed.map(({ model }) => model).join(" and ");
    return { verdict: "pass", answer: `Yes: on ${market} ${names} passes every gate.`, figures };
  }
  const open = best.gates.filter(({ verdict }) => verdict !== "pass");
  const failed = open.filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
  const waiting = open.filter(({ verdict }) => verdict === "undecided").map(({ name }) => name);
  const parts = [
    failed.length > 0 ? `it fails ${failed.join(", ")}` : "",
    waiting.length > 0
      ? `${waiting.join(", ")} stay${waiting.length === 1 ? "s" : ""} undecided`
      : "",
  ].filter((part) => part !== "");
  return {
    verdict: best.verdict,
    answer: warned(
      `${markOf(evaluation)}No: on ${market} ${best.model}, the most accurate of the models that read features, passes ${best.gates.length - open.length} of ${best.gates.length} gates; ${parts.join(", and ")}.`,
      evaluation,
    ),
    figures,
  };
}

/** Figures of a model that the last lines of the main job show. */
function keyFigures(best: ModelEvaluation): NonNullable<ReportFacts["figures"]> {
  return {
    model: best.model,
    testRows: best.rows,
    accuracy: best.metrics.accuracy.estimate,
    majority: best.majorityRate,
    attainable: best.ceilings?.attainable.estimate ?? null,
    calibrationError: best.metrics.calibrationError.estimate,
    gatesPassed: best.gates.filter(({ verdict }) => verdict === "pass").length,
    gates: best.gates.length,
  };
}

/** The model with the highest accuracy among those that read features, or of all where none does. */
function bestModel(models: readonly ModelEvaluation[]): ModelEvaluation {
  const rivals = models.filter(readsFeatures);
  const asked = rivals.length > 0 ? rivals : models;
  return [...asked].sort((a, b) => b.metrics.accuracy.estimate - a.metrics.accuracy.estimate)[0]!;
}

/** A void evaluation answers nothing, and labels on the close no question about the mid. */
export function marked(
  facts: ReportFacts & { readonly answer: string },
  evaluation: Evaluation,
): ReportFacts {
  const answer = `${markOf(evaluation)}${facts.answer}`;
  const verdict = evaluation.isVoid ? { verdict: "fail" as const } : {};
  return { ...facts, answer, ...verdict, ...cautionOf(evaluation) };
}

/** An answer, and beside it what nobody audited of the rows that it rests on. */
export function warned(answer: string, { slices }: Evaluation): string {
  const warning = auditWarning(slices);
  return warning === undefined ? answer : `${answer} ${warning}`;
}

function againstMajority(model: ModelEvaluation): ReportFacts & { readonly answer: string } {
  const rival = `always calling the ${TEST_MAJORITY}`;
  // Of labels on the close no gate is evaluated, but how far apart the two are is known.
  const { lower, upper } = model.metrics.aboveMajority;
  const apart = lower > 0 ? "pass" : upper < 0 ? "fail" : "undecided";
  const gate = model.gates.find(({ name }) => name === "better-than-majority");
  const judged = gate?.verdict ?? "undecided";
  const found = isBounceProne(model) ? apart : judged;
  const words = {
    pass: `Yes: ${model.model} beats ${rival}`,
    undecided: `Not beyond doubt: ${model.model} does not beat ${rival} beyond its interval`,
    fail: `Not shown: ${model.model} does not beat ${rival}`,
  };
  const { accuracy } = model.metrics;
  const { ceilings } = model;
  // The truth of some rows may be missing.
  const ceiling =
    ceilings === undefined || !Number.isFinite(ceilings.attainable.estimate)
      ? ""
      : `; by the true probabilities, which know no luck, ${(100 * ceilings.model.estimate).toFixed(1)} % of ` +
        `${(100 * ceilings.attainable.estimate).toFixed(1)} % attainable`;
  const answer =
    `${words[found]}, with ${percentText(accuracy.estimate)} right ` +
    `(${ratioInterval(accuracy)}) beside ${(100 * model.majorityRate).toFixed(1)} % for the test's majority, known only afterwards${ceiling}.`;
  return { verdict: isBounceProne(model) ? model.verdict : judged, answer };
}

/** Too little data answers nothing, and says what is missing. */
export function undecided(missing: Shortfall): ReportFacts {
  return { verdict: "undecided", answer: shortfallText(missing) };
}

/** Slices whose labels reach into the next slice of their fold. */
function overlappingSlices({ slices }: Evaluation): number {
  return slices.filter((slice, i) => {
    const next = slices[i + 1];
    return next !== undefined && next.fold === slice.fold && slice.toUs >= next.fromUs;
  }).length;
}

/** Models that were not measured on as many rows as the first one. */
function otherRows(models: readonly ModelEvaluation[]): number | null {
  const [first] = models;
  return first === undefined ? null : models.filter(({ rows }) => rows !== first.rows).length;
}

/** Independent rows of the model that rests on the fewest; nothing to check where the test is too short to tell. */
function fewestIndependent(models: readonly ModelEvaluation[]): number | null {
  const told = models.filter(({ blocks }) => blocks >= FEWEST_BLOCKS);
  if (told.length === 0) return null;
  return Math.floor(Math.min(...told.map(({ effectiveRows }) => effectiveRows)));
}

/** How far a difference lies below zero, in its standard errors; three are allowed. Nothing to check where they are not known. */
function below({ estimate, standardError }: Uncertainty): Check {
  if (Number.isNaN(standardError)) return [null, "<=", 3];
  return [standardError > 0 ? Math.max(0, -estimate / standardError) : 0, "<=", 3];
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
