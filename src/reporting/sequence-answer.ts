// Do models that read history add to the straight line? The answer of the sequence models' notebook, and what must hold there.
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { AttentionReads } from "../evaluation/attention-reads.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { ModelEvaluation } from "../evaluation/evaluate-model.js";
import type { InputImportance } from "../evaluation/input-importance.js";
import type { LineGain, LineGains } from "../evaluation/line-gains.js";
import { evaluationChecks, marked, undecided, warned } from "./evaluation-answers.js";
import { isBounceProne } from "./evaluation-marks.js";
import type { ReportFacts } from "./facts.js";
import { natsText, overallGains, pointsText, seedsText } from "./line-gain-words.js";
import { modelText } from "./model-names.js";
import type { Check } from "./validate.js";

const GATE = "better-than-logistic";

/**
 * In one sentence: whether models that read history add to the straight line, by how much, and within which interval. They also bend
 * where the line cannot, and start from a line of their own, so that what they add is not history's alone.
 */
export function sequenceAnswer(
  evaluation: Evaluation | Shortfall,
  gains: LineGains | Shortfall,
): ReportFacts {
  if (isShortfall(evaluation)) return undecided(evaluation);
  if (isShortfall(gains)) return undecided(gains);
  const overall = overallGains(gains);
  const judged = evaluation.models.filter(({ model }) => {
    return overall.some((gain) => gain.model === model);
  });
  const verdict = together(overall.map((gain) => verdictOf(gain, judged)));
  const words = { pass: "Yes", undecided: "Not beyond doubt", fail: "Not shown" }[verdict];
  const told = overall.map((gain, i) => {
    const name = i === 0 ? `${modelText(gain.model)} adds` : modelText(gain.model);
    return `${name} ${pointsText(gain.seen.accuracy)}${overSeeds(gain)}`;
  });
  const truly = overall.flatMap(({ byTruth }) =>
    byTruth === undefined ? [] : [pointsText(byTruth.accuracy)],
  );
  const parts = [
    `${words}: to the straight line ${listed(told)} points of accuracy`,
    ...(truly.length === 0
      ? []
      : [`by the true probabilities, which know no luck, ${listed(truly)}`]),
    ...savingsOf(overall),
  ];
  const answer = `${parts.join("; ")}.`;
  const closes = judged.find(isBounceProne);
  const facts = { verdict: closes?.verdict ?? verdict, answer: warned(answer, evaluation) };
  return marked(facts, evaluation);
}

/** Judged is the first seed alone: others say how far that hangs on what was drawn. */
function overSeeds(gain: LineGain): string {
  const spread = seedsText(gain, "accuracy", 100);
  return spread === null ? "" : `, over ${1 + gain.otherSeeds.length} seeds ${spread}`;
}

/** By the model's gate; of labels on the close, which no gate is asked of, by the interval alone. */
function verdictOf(
  { model, seen }: LineGain,
  judged: readonly ModelEvaluation[],
): "pass" | "undecided" | "fail" {
  const own = judged.find((one) => one.model === model);
  if (own !== undefined && !isBounceProne(own)) {
    return own.gates.find(({ name }) => name === GATE)?.verdict ?? "undecided";
  }
  return ({ better: "pass", worse: "fail", undecided: "undecided" } as const)[
    seen.accuracy.verdict
  ];
}

/** One model that adds is enough; none adds only where each does not. */
function together(
  verdicts: readonly ("pass" | "undecided" | "fail")[],
): "pass" | "undecided" | "fail" {
  if (verdicts.includes("pass")) return "pass";
  return verdicts.length > 0 && verdicts.every((verdict) => verdict === "fail")
    ? "fail"
    : "undecided";
}

/** Log-loss that is saved or lost beyond the interval, which accuracy need not show. */
function savingsOf(overall: readonly LineGain[]): readonly string[] {
  const told = overall
    .filter(({ seen }) => seen.logLoss.verdict !== "undecided")
    .map(
      ({ model, seen }, i) =>
        `${modelText(model)}${i === 0 ? " saves" : ""} ${natsText(seen.logLoss)}`,
    );
  return told.length === 0 ? [] : [`of log-loss ${listed(told)} thousandths of a nat`];
}

function listed(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "nothing";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

/** Sums of single precision, of some thousand slopes. */
const ROUNDING = 1e-3;

/**
 * The checks of a model notebook, and those of what its models read: shares are shares of a whole, and gains are of the rows
 * that were evaluated.
 */
export function sequenceChecks(
  evaluation: Evaluation | Shortfall,
  gains: LineGains | Shortfall,
  importances: readonly InputImportance[] | Shortfall,
  attention: AttentionReads | Shortfall,
): Readonly<Record<string, Check>> {
  const rows = isShortfall(evaluation) || isShortfall(gains) ? null : gains.rows - evaluation.rows;
  const wholes = isShortfall(importances)
    ? null
    : importances.flatMap(({ families, steps }) => [
        families.map(({ share }) => share.estimate),
        steps.map(({ estimate }) => estimate),
      ]);
  const heads = isShortfall(attention) ? null : attention.heads.map(({ weights }) => weights);
  return {
    ...evaluationChecks(evaluation),
    "rows of the gains less those evaluated": [rows, "=", 0],
    "shares of importance that do not sum to 1": [wholes && broken(wholes), "=", 0],
    "heads whose weights do not sum to 1": [heads && broken(heads), "=", 0],
  };
}

/** How many lists are no shares of one whole. */
function broken(lists: readonly (readonly number[])[]): number {
  return lists.filter((shares) => {
    const sum = shares.reduce((total, share) => total + share, 0);
    return !(Math.abs(sum - 1) < ROUNDING) || shares.some((share) => share < 0);
  }).length;
}
