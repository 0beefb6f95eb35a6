import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { walkForwardFolds } from "../../dataset/folds.js";
import type { Fold } from "../../dataset/matrix.js";
import { evaluate } from "../../evaluation/evaluate.js";
import type { ModelEvaluation } from "../../evaluation/evaluate-model.js";
import { ledgerStatistics } from "../../evaluation/evaluate-models.js";
import { persistentMarket } from "../../evaluation/test-persistent-market.js";
import { predictionsOf } from "../../evaluation/traded-rows.js";
import { readLedger } from "../../registry/ledger.js";
import { trainTrial } from "../../registry/test-registry.js";
import type { TrainedModel } from "../../training/trained-model.js";
import { promoteRungs } from "./promote-rungs.js";
import { trainRungs } from "./train-rungs.js";

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

const market = persistentMarket(0.3, 1);
// The order flow's sign is a rung, and the market has no order flow.
const dataset = { ...market, featureNames: ["obi_l1", "ofi_norm", "log_ret_5"] };
const folds = walkForwardFolds(dataset, { folds: 1 }) as readonly Fold[];

type Found = Parameters<typeof promoteRungs>[2];

/** A registry of its own with all rungs in it, and what was found of them: every gate of `logistic` passed. */
async function judged(): Promise<{ root: string; rungs: readonly TrainedModel[]; found: Found }> {
  const root = mkdtempSync(path.join(tmpdir(), "tickbook-promote-"));
  roots.push(root);
  const rungs = await trainRungs(dataset, folds, { root, seed: 1 });
  const { state } = await readLedger(root);
  const counted = { record: rungs.map(({ name }) => name), horizonMinutes: 5 };
  const models = rungs.map(predictionsOf);
  const evaluation = evaluate({ dataset, folds, models, replicates: 20 });
  const passed = evaluation.models.map((model) => {
    if (model.model !== "logistic") return model;
    const gates = model.gates.map((gate) => ({
      ...gate,
      verdict: "pass" as const,
      value: 0.7,
      margin: 0.02,
    }));
    return { ...carrying(model), gates, verdict: "pass" as const };
  });
  const trials = ledgerStatistics(state, rungs, counted)(rungs.map(() => Number.NaN));
  const canaries = [{ isRight: true }] as unknown as Found["canaries"];
  return { root, rungs, found: { ...evaluation, canaries, models: passed, trials } };
}

/** With figures that carry a pass of every gate whose value is 0.7. */
function carrying(model: ModelEvaluation): ModelEvaluation {
  const figure = { ...model.metrics.accuracy, estimate: 0.7, lower: 0.6 };
  const { acted, metrics, backtest } = model;
  const [day] = backtest.daily;
  return {
    ...model,
    calibrationRows: 3000,
    unauditedRows: 0,
    unauditedFittedRows: 0,
    badShare: 0.7,
    acted: {
      ...acted,
      accuracy: figure,
      majorityRate: 0.5,
      breakEvenAccuracy: 0.5,
      calibrationRows: 3000,
    },
    metrics: { ...metrics, aboveMajority: figure, brierSkillScore: figure },
    backtest: { ...backtest, daily: Array(90).fill(day), sharpe: figure, deflatedSharpe: 0.7 },
  };
}

test("the registry promotes the rung whose gates all passed, and it alone", async () => {
  const { root, rungs, found } = await judged();
  expect(found.trials.count).toBe(rungs.length);
  expect([...(await promoteRungs(root, rungs, found))]).toEqual(["logistic"]);
  const { state } = await readLedger(root);
  expect([...state.promoted.keys()]).toEqual([rungs.at(-1)!.key]);
});

test("it promotes nothing that is void, lacks a gate, or was held against fewer trials than there are", async () => {
  const spoiled: readonly ((found: Found, root: string) => Promise<Found>)[] = [
    async (found) => ({ ...found, isVoid: true }),
    async (found) => ({
      ...found,
      models: found.models.map((model) => ({ ...model, gates: model.gates.slice(0, -1) })),
    }),
    async (found, root) => {
      await trainTrial(root, 7);
      return found;
    },
  ];
  for (const spoil of spoiled) {
    const { root, rungs, found } = await judged();
    expect([...(await promoteRungs(root, rungs, await spoil(found, root)))]).toEqual([]);
    expect((await readLedger(root)).state.evaluations.size).toBe(rungs.length);
  }
});

test("damage is no refusal: it ends the run", async () => {
  const { root, rungs, found } = await judged();
  const logistic = rungs.at(-1)!;
  rmSync(path.join(root, "registry", "models", "logistic", logistic.version, "fold1.safetensors"));
  await expect(promoteRungs(root, rungs, found)).rejects.toThrow(/fold1.safetensors: is not there/);
});
