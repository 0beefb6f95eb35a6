import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { walkForwardFolds } from "../dataset/folds.js";
import { predictorFromBytes, predictProbability } from "../models/predictor.js";
import { readLedger } from "../registry/ledger.js";
import { loadPromoted } from "../registry/load-promoted.js";
import { memberFacts } from "../registry/member-facts.js";
import { promote, readPromoted } from "../registry/promotion.js";
import { evaluateTrial, PASSED } from "../registry/test-registry.js";
import type { Trial } from "../registry/trial.js";
import { openStore, type Store } from "../store/store.js";
import { backendOf } from "../training/fit-or-load.js";
import { membersOf } from "../training/members-of.js";
import {
  type EnsembleSettings,
  FINAL_SETTINGS,
  TRANSFORMER_SETTINGS,
} from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { LSTM, MLP } from "./canaries/test-models.js";
import { ensembleOf } from "./ensemble-of.js";
import { evaluate } from "./evaluate.js";
import { type Experiment, trainModel } from "./experiment.js";
import { persistentMarket } from "./test-persistent-market.js";
import { predictionsOf } from "./traded-rows.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-ensemble-"));
let store: Store;
let mlp: TrainedModel;
let ensemble: TrainedModel;

const there = <Result>(result: Result | Shortfall): Result => {
  if (isShortfall(result)) throw new Error(result.what);
  return result;
};
const dataset = persistentMarket(0.5, 1);
const cut = { folds: 2, window: "anchored", windowBars: 4 } as const;
const folds = there(walkForwardFolds(dataset, cut));
const experiment: Experiment = { dataset, folds, slices: [], origin: { cut, source: "ticks" } };
const version = ({ name, version: of }: TrainedModel): string => `${name}@${of}`;
const names = () => ["logistic", "logistic-base", version(mlp)];

beforeAll(async () => {
  store = await openStore(root);
  mlp = there(await trainModel(store, experiment, MLP, { seed: 5 }));
  ensemble = there(await ensembleOf(store, experiment, { seed: 1, members: names() }));
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

async function trialsByModel(): Promise<ReadonlyMap<string, Trial>> {
  const { trials } = (await readLedger(root)).state;
  return new Map([...trials.values()].map((trial) => [trial.model, trial]));
}

test("members are trials of their own, and the ensemble is one that names them with seed and settings", async () => {
  const trials = await trialsByModel();
  expect([...trials.keys()]).toEqual(["mlp", "logistic", "logistic-base", "ensemble"]);
  const { settings, figures } = trials.get("ensemble")!;
  const named = (settings as unknown as EnsembleSettings).members;
  expect(named.map(({ name, seed }) => [name.split("@")[0], seed])).toEqual([
    ["logistic-base", 1],
    ["logistic", 1],
    ["mlp", 5],
  ]);
  for (const { name, settings: own } of named) {
    expect(own).toEqual(trials.get(name.split("@")[0]!)!.settings);
  }
  expect(named[2]!.name).toBe(version(mlp));
  expect(figures["rows"]).toBe(ensemble.testRows.length);
});

test("its trial says what computed its members, our own operations among it", async () => {
  const member = { name: "lstm@1", seed: 1, settings: LSTM };
  const own = { ...FINAL_SETTINGS, model: "ensemble", members: [member] } as const;
  expect(await backendOf(own)).toBe(await backendOf(LSTM));
  // A Transformer's blocks are computed by our own operations as well.
  expect(await backendOf(TRANSFORMER_SETTINGS)).toBe(await backendOf(LSTM));
});

test("the same ensemble is loaded, from a bundle that needs no other one", async () => {
  const before = (await readLedger(root)).head;
  const again = there(await ensembleOf(store, experiment, { seed: 1, members: names() }));
  expect(again).toMatchObject({ isLoaded: true, key: ensemble.key });
  expect(again.probability).toEqual(ensemble.probability);
  expect((await readLedger(root)).head).toBe(before);
  for (const [k, { predictor, testRows, probability }] of again.folds.entries()) {
    expect(predictor).toEqual(ensemble.folds[k]!.predictor);
    expect(await predictProbability(predictor, dataset.inputs, testRows)).toEqual(probability);
  }
});

test("other members or another calibrator are other trials, another order of them is not", async () => {
  const keys: string[] = [];
  for (const changes of [
    { members: [...names()].reverse() },
    { members: ["logistic", version(mlp)] },
    { members: names(), final: { calibrator: "platt" } },
  ] as const) {
    keys.push(there(await ensembleOf(store, experiment, { seed: 1, ...changes })).key);
  }
  expect(keys[0]).toBe(ensemble.key);
  expect(new Set(keys).size).toBe(3);
});

test("gates are about what the ensemble says, not its members", () => {
  const models = [mlp, ensemble].map(predictionsOf);
  const evaluation = evaluate({ dataset, folds, models, seed: 1, replicates: 40 });
  const { probability, testRows } = ensemble;
  const hits = probability.map((p, i) => {
    const up = dataset.outcome[testRows[i]!]!;
    return p > 0.5 ? up : 1 - up;
  });
  const accuracy = hits.reduce((sum, hit) => sum + hit, 0) / hits.length;
  const own = evaluation.models.find(({ model }) => model === "ensemble")!;
  expect(own.gates.find(({ name }) => name === "accuracy")!.value).toBeCloseTo(accuracy, 12);
  expect(own.metrics.accuracy.estimate).not.toBe(evaluation.models[0]!.metrics.accuracy.estimate);
});

test("what its members passed promotes no ensemble: it must pass itself, and then runs alone", async () => {
  const { trials } = (await readLedger(root)).state;
  const [member, own] = [trials.get(mlp.key)!, trials.get(ensemble.key)!];
  const named = { name: "ensemble", version: ensemble.version };
  await evaluateTrial(root, member);
  await promote(root, { name: "mlp", version: mlp.version });
  await expect(promote(root, named)).rejects.toThrow("was never evaluated");
  const gates = PASSED.map((gate) =>
    gate.name === "calibration-error"
      ? ({ ...gate, verdict: "fail", margin: -0.01 } as const)
      : gate,
  );
  await evaluateTrial(root, own, { gates, verdict: "fail" });
  await expect(promote(root, named)).rejects.toThrow("did not pass every gate: calibration-error");
  await evaluateTrial(root, own);
  await promote(root, named);
  expect((await readPromoted(root)).map(({ name }) => name).sort()).toEqual(["ensemble", "mlp"]);
  const { bundle } = await loadPromoted(root, named.name, named.version, { catalogueHash: "test" });
  const fitted = ensemble.folds.at(-1)!;
  const predictor = predictorFromBytes(bundle.files["fold2.safetensors"]!, "fold2");
  expect(await predictProbability(predictor, dataset.inputs, fitted.testRows)).toEqual(
    fitted.probability,
  );
  expect(memberFacts(bundle.content)).toEqual(membersOf(ensemble.folds));
  const { weights } = memberFacts(bundle.content)[0]!;
  expect(weights).toHaveLength(2);
});

test.each<[string, readonly string[], RegExp]>([
  ["no members", [], /--members: named none; name one or more/],
  ["one twice", ["mlp", "mlp"], /named mlp twice/],
  ["an ensemble", ["ensemble@0a1b2c3d4e5f"], /an ensemble itself; name its members instead/],
  ["one that is none", ["oracle"], /"oracle", which no model is called; name some of majority/],
  ["a version that is none", ["mlp@000000000000"], /"mlp@000000000000", which no trained model/],
])("%s is refused", async (_, members, message) => {
  const refused = ensembleOf(store, experiment, { seed: 1, members });
  await expect(refused).rejects.toThrow(OptionError);
  await expect(refused).rejects.toThrow(message);
});

test("one model by two names is refused, and so is one of other data", async () => {
  const twice = ensembleOf(store, experiment, { seed: 5, members: [version(mlp), version(mlp)] });
  await expect(twice).rejects.toThrow(`named ${version(mlp)} twice`);
  const trials = await trialsByModel();
  const line = `logistic@${trials.get("logistic")!.key.slice(0, 12)}`;
  const alike = ensembleOf(store, experiment, { seed: 1, members: ["logistic", line] });
  await expect(alike).rejects.toThrow(`named ${line} twice, or by two names of one model`);
  const other = { ...experiment, folds: folds.slice(1) };
  await expect(ensembleOf(store, other, { seed: 1, members: [line] })).rejects.toThrow(
    /which was fitted on other data, labels or folds; train it here .* or name logistic without/,
  );
});

test("an experiment that lacks data says so", async () => {
  const missing: Shortfall = { kind: "shortfall", step: "s", what: "w", has: 0, needs: 1 };
  expect(await ensembleOf(store, missing, { seed: 1 })).toBe(missing);
});
