// A model card's source for tests: a real evaluation of made-up probabilities.

import { canonicalJson } from "../../core/content-hash.js";
import { seededRandom } from "../../core/random.js";
import { MINUTE_US } from "../../core/time.js";
import { type Evaluation, evaluate } from "../../evaluation/evaluate.js";
import { persistentMarket } from "../../evaluation/test-persistent-market.js";
import type { ModelCardSource } from "./model-card.js";

/** Evaluates probabilities that know a little of what comes. */
export function sampleEvaluation(): Evaluation {
  const dataset = persistentMarket(1, 5);
  const random = seededRandom(7, "card");
  const rows = Uint32Array.from({ length: dataset.rows }, (_, row) => row).filter(
    (row) => row % 3000 >= 2400 && dataset.isUsable[row] === 1,
  );
  const probability = Float64Array.from(rows, (row) => {
    const knows = random.uniform() < 0.4;
    return knows ? 0.2 + 0.6 * dataset.outcome[row]! : 0.3 + 0.4 * random.uniform();
  });
  const models = [
    { model: "lstm", rows, probability },
    { model: "logistic", rows, probability: probability.map((p) => 0.5 + (p - 0.5) / 2) },
  ];
  const canary = { name: "shuffled labels", rule: "as chance", value: 0.5, expected: 0.5 };
  return evaluate({
    dataset,
    folds: [],
    models,
    canaries: [{ ...canary, standardError: 0.01, isRight: true } as Evaluation["canaries"][number]],
    trials: () => ({ count: 3, sharpeDeviation: 0.05 }),
    replicates: 40,
  });
}

/** The source of a card of the evaluation's first model. */
export function sampleSource(evaluation: object = sampleEvaluation()): ModelCardSource {
  const { models, isVoid } = evaluation as Partial<Evaluation>;
  const own: Evaluation["models"][number] | undefined = Array.isArray(models)
    ? models[0]
    : undefined;
  const summary = {
    key: "0a1b2c3d4e5f6789",
    bundle: "b".repeat(64),
    code: "9".repeat(64),
    execution: "FTMO crypto, 100000 USD",
    trials: { count: 3, sharpeDeviation: 0.05, unknown: 1 },
    verdict: isVoid === true ? "fail" : (own?.verdict ?? "fail"),
    isVoid: isVoid ?? false,
    gates: (own?.gates ?? []).map(({ name, verdict, value, margin }) => {
      return { name, verdict, value, margin };
    }),
    figures: {},
  } as const;
  return {
    bundle: {
      name: "lstm",
      version: "0a1b2c3d4e5f",
      trial: summary.key,
      content: {
        model: "lstm",
        data: "d".repeat(64),
        code: "c".repeat(64),
        settings: { units: 32, dropout: 0.5, coverage: 0.3 },
        seed: 4,
        backend: "native 2.21.0",
        from: "2024-03-01",
        to: "2024-03-04",
        barUs: MINUTE_US,
        latencyUs: 500_000,
        labelKind: "mid",
        labelRule: { kind: "direction" },
        horizonUs: 5 * MINUTE_US,
        origin: { source: "ticks", cut: { folds: 1, window: "anchored", windowBars: 60 } },
        featureNames: ["a", "b", "c"],
        featureNamesHash: "f".repeat(64),
        catalogueHash: "e".repeat(64),
      },
    },
    entry: {
      ...summary,
      kind: "evaluation",
      evaluation: "a".repeat(64),
      number: 9,
      previous: "",
      hash: "",
    },
    record: { ...summary, evaluation: JSON.parse(canonicalJson(evaluation)) as unknown },
  };
}
