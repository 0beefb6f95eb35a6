import { expect, test } from "vitest";
import { shortfall } from "../core/shortfall.js";
import { TRIPLE_BARRIER } from "../dataset/label-rule.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { Experiment } from "../evaluation/experiment.js";
import {
  baselineAnswer,
  evaluationChecks,
  experimentFindings,
  modelsOf,
  promotionAnswer,
} from "./evaluation-answers.js";
import { BOUNCE_PRONE } from "./label-text.js";
import { sampleEvaluation } from "./model-card/test-card.js";
import { checkRecords } from "./validate.js";

const missing = shortfall({ step: "train", what: "bars", has: 11, needs: 1500 });

test("what is predicted is said: of which price, how far ahead, by which rule", () => {
  const dataset = {
    ...{ rows: 0, isUsable: new Uint8Array(), excluded: {}, featureNames: [], horizonUs: 9e8 },
    labelKind: "mid",
    labelRule: { kind: "direction" },
  };
  const findings = (other: object): string =>
    experimentFindings({ dataset: { ...dataset, ...other }, slices: [] } as unknown as Experiment);
  expect(findings({})).toMatch(/^Predicted is which way the mid goes over 15 min\. /);
  const onCloses = findings({ labelKind: "close", labelRule: TRIPLE_BARRIER });
  expect(onCloses).toContain(
    "which barrier the close meets first (triple barrier: 1 deviation of the horizon's return",
  );
  expect(onCloses).toContain(`**${BOUNCE_PRONE}.**`);
});

test("what could be attained is said where all of the truth is known", () => {
  const evaluation = sampleEvaluation();
  const answer = (attainable: number): string => {
    const estimate = { estimate: attainable, lower: attainable, upper: attainable };
    const ceilings = { model: estimate, attainable: estimate };
    const models = evaluation.models.map((one) => ({ ...one, ceilings }));
    return baselineAnswer({ ...evaluation, models } as unknown as Evaluation).answer ?? "";
  };
  expect(answer(0.625)).toContain("; by the true probabilities, which know no luck, 62.5 % of");
  expect(answer(Number.NaN)).not.toMatch(/NaN|true probabilities/);
});

test("of labels on the close no gate is asked, and what the interval says is said all the same", () => {
  const evaluation = sampleEvaluation();
  const told = (bounds: { readonly lower: number; readonly upper: number }): Evaluation => ({
    ...evaluation,
    labelKind: "close",
    models: evaluation.models.map((one) => ({
      ...one,
      gates: one.gates.map((gate) => ({
        ...gate,
        verdict: gate.name === "label-is-mid" ? "fail" : "undecided",
      })),
      verdict: "not evaluated",
      metrics: { ...one.metrics, aboveMajority: { ...one.metrics.aboveMajority, ...bounds } },
    })),
  });
  for (const [lower, upper, words] of [
    [0.01, 0.03, "Yes: logistic beats"],
    [-0.01, 0.03, "Not beyond doubt: logistic"],
    [-0.03, -0.01, "Not shown: logistic"],
  ] as const) {
    const { answer, verdict } = baselineAnswer(told({ lower, upper }));
    expect([answer, verdict]).toEqual([expect.stringContaining(words), "not evaluated"]);
  }
  expect(promotionAnswer(told({ lower: 0.01, upper: 0.03 })).verdict).toBe("not evaluated");
});

test("too little data is undecided everywhere, with what is missing, and fails no check", () => {
  for (const answer of [baselineAnswer, promotionAnswer]) {
    expect(answer(missing)).toEqual({
      verdict: "undecided",
      answer: "Not enough data to train: 11 bars, and it needs 1,500.",
    });
  }
  expect(modelsOf(missing)).toEqual([]);
  const records = checkRecords(evaluationChecks(missing));
  expect(records.map(({ verdict }) => verdict)).toEqual(Array(6).fill("undecided"));
});
