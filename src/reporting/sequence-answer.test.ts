import { expect, test } from "vitest";
import { shortfall } from "../core/shortfall.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import type { Gain } from "../evaluation/ladder.js";
import type { LineGains } from "../evaluation/line-gains.js";
import { gainsSentence } from "./line-gain-words.js";
import { sampleEvaluation } from "./model-card/test-card.js";
import { sequenceAnswer, sequenceChecks } from "./sequence-answer.js";
import { around } from "./test-evaluation-samples.js";
import { sampleAttention, sampleGains, sampleImportances } from "./test-sequence-samples.js";
import { checkRecords } from "./validate.js";

const missing = shortfall({ step: "train", what: "bars", has: 11, needs: 1500 });
const evaluation = sampleEvaluation();

const gain = (estimate: number, half: number): Gain => {
  const verdict = Math.abs(estimate) < half ? "undecided" : estimate > 0 ? "better" : "worse";
  return { ...around(estimate, half), verdict };
};

/** Gains of the evaluation's LSTM and of another model. */
function gainsOf(lstm: Gain, other: Gain, truth?: Gain): LineGains {
  const model = (name: string, accuracy: Gain): LineGains["models"][number] => ({
    ...{ model: name, rows: 100, otherSeeds: [] },
    seen: { accuracy, logLoss: gain(0.0004, 0.001) },
    ...(truth === undefined ? {} : { byTruth: { accuracy: truth, logLoss: truth } }),
  });
  return {
    rows: 100,
    labelKind: "mid",
    models: [model("lstm", lstm), model("transformer", other)],
  };
}

/** The evaluation with that verdict of the LSTM's gate on the line. */
function judged(verdict: "pass" | "fail" | "undecided"): Evaluation {
  const models = evaluation.models.map((one) => ({
    ...one,
    gates: one.gates.map((gate) =>
      gate.name === "better-than-logistic" ? { ...gate, verdict } : gate,
    ),
  }));
  const [lstm, line] = models;
  return { ...evaluation, models: [lstm!, { ...lstm!, model: "transformer" }, line!] };
}

test("one sentence says whether models that read history add, by how much and within which interval, of each model", () => {
  const gains = gainsOf(gain(0.012, 0.008), gain(-0.002, 0.009));
  expect(sequenceAnswer(judged("pass"), gains)).toEqual({
    verdict: "pass",
    answer:
      "Yes: to the straight line lstm adds 1.2 (0.4 to 2.0) and transformer −0.2 (−1.1 to 0.7) points of accuracy.",
  });
  expect(sequenceAnswer(judged("undecided"), gains).answer).toMatch(/^Not beyond doubt: to/);
  expect(sequenceAnswer(judged("fail"), gains)).toMatchObject({
    verdict: "fail",
    answer: expect.stringMatching(/^Not shown: to/),
  });
});

test("how far gains scatter over seeds is said where there are several, since one seed alone is judged", () => {
  const gains = gainsOf(gain(0.012, 0.008), gain(-0.002, 0.009));
  const [lstm, other] = gains.models;
  const otherSeeds = [-0.006, 0.003].map((accuracy) => ({ accuracy, logLoss: 0 }));
  const several = { ...gains, models: [{ ...lstm!, otherSeeds }, other!] };
  // 1.2, −0.6 and 0.3 have the mean 0.3 and the deviation 0.9.
  expect(sequenceAnswer(judged("pass"), several).answer).toContain(
    " lstm adds 1.2 (0.4 to 2.0), over 3 seeds 0.3 ± 0.9 and transformer −0.2 (−1.1 to 0.7) points",
  );
  const three = { ...several, models: [...several.models, { ...lstm!, model: "ensemble" }] };
  expect(sequenceAnswer(judged("pass"), three).answer).not.toContain(",,");
});

test("what the true probabilities say is said beside it, where they are known", () => {
  const truly = gainsOf(gain(0.012, 0.02), gain(0, 0.01), gain(0.003, 0.001));
  expect(sequenceAnswer(judged("undecided"), truly).answer).toContain(
    "; by the true probabilities, which know no luck, 0.3 (0.2 to 0.4) and 0.3 (0.2 to 0.4).",
  );
  expect(gainsSentence(truly)).toBe(
    "Over the straight line lstm 1.2 (−0.8 to 3.2), transformer 0.0 (−1.0 to 1.0) points of accuracy: " +
      "nothing beyond its interval; by the true probabilities lstm gains in accuracy and log-loss, " +
      "transformer gains in accuracy and log-loss, beyond the interval",
  );
  const worse = gainsOf(gain(-0.012, 0.002), gain(0, 0.01));
  expect(gainsSentence(worse)).toMatch(/: lstm loses in accuracy, beyond the interval$/);
});

test("log-loss is told where it lies beyond its interval", () => {
  const gains = gainsOf(gain(0.002, 0.008), gain(-0.002, 0.009));
  const [lstm, other] = gains.models;
  const saving = { ...lstm!, seen: { ...lstm!.seen, logLoss: gain(0.0012, 0.0004) } };
  const { answer } = sequenceAnswer(judged("undecided"), { ...gains, models: [saving, other!] });
  expect(answer).toMatch(/; of log-loss lstm saves 1\.2 \(0\.8 to 1\.6\) thousandths of a nat\.$/);
});

test("of labels on the close no gate is asked, and the interval decides the words", () => {
  const close: Evaluation = {
    ...judged("undecided"),
    labelKind: "close",
    models: judged("undecided").models.map((one) => ({
      ...one,
      verdict: "not evaluated",
      gates: one.gates.map((gate) =>
        gate.name === "label-is-mid" ? { ...gate, verdict: "fail" } : gate,
      ),
    })),
  };
  const better = sequenceAnswer(close, gainsOf(gain(0.01, 0.002), gain(0, 0.01)));
  expect(better).toMatchObject({ verdict: "not evaluated", caution: "BOUNCE-PRONE" });
  expect(better.answer).toMatch(/^BOUNCE-PRONE: Yes: to/);
  const worse = gainsOf(gain(-0.01, 0.002), gain(-0.01, 0.002));
  expect(sequenceAnswer(close, worse).answer).toMatch(/^BOUNCE-PRONE: Not shown/);
});

test("too little data answers nothing, and a test without intervals says so", () => {
  expect(sequenceAnswer(missing, missing)).toMatchObject({ verdict: "undecided" });
  expect(sequenceAnswer(evaluation, missing).answer).toContain("Not enough data to train");
  const unknown = { ...gain(0.01, 0), lower: Number.NaN, upper: Number.NaN } as Gain;
  const { answer } = sequenceAnswer(judged("undecided"), gainsOf(unknown, unknown));
  expect(answer).toContain("lstm adds 1.0 (too short a test for an interval)");
  expect(answer).not.toContain("NaN");
  const pair = { accuracy: unknown, logLoss: unknown };
  const models = gainsOf(unknown, unknown).models.map((one) => ({ ...one, seen: pair }));
  expect(gainsSentence({ models })).toMatch(/ points of accuracy: no interval to tell by$/);
});

test("checks hold for shares of a whole, and fail where some are not", () => {
  const failed = (...given: Parameters<typeof sequenceChecks>): readonly string[] =>
    checkRecords(sequenceChecks(...given))
      .filter(({ verdict }) => verdict === "fail")
      .map(({ name }) => name);
  const gains = { ...sampleGains(), rows: evaluation.rows };
  const [importances, attention] = [sampleImportances(), sampleAttention()];
  expect(failed(evaluation, gains, importances, attention)).toEqual([]);
  const [first, ...others] = importances;
  const lost = { ...first!, families: first!.families.slice(1) };
  const [head, ...heads] = attention.heads;
  const broken = { ...head!, weights: head!.weights.map((weight) => 0.9 * weight) };
  expect(
    failed(evaluation, { ...gains, rows: gains.rows - 1 }, [lost, ...others], {
      ...attention,
      heads: [broken, ...heads],
    }),
  ).toEqual([
    "rows of the gains less those evaluated",
    "shares of importance that do not sum to 1",
    "heads whose weights do not sum to 1",
  ]);
  const open = checkRecords(sequenceChecks(missing, missing, missing, missing));
  expect(new Set(open.map(({ verdict }) => verdict))).toEqual(new Set(["undecided"]));
});
