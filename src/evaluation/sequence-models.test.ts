import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OptionError } from "../core/errors.js";
import { isShortfall, type Shortfall, shortfall } from "../core/shortfall.js";
import { openStore, type Store } from "../store/store.js";
import { membersOf } from "../training/members-of.js";
import type { SequenceSize } from "../training/sequence-sizes.js";
import { LSTM_SETTINGS, TRANSFORMER_SETTINGS } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { type Experiment, trainBaseline } from "./experiment.js";
import { trainOtherSeeds, trainSequenceEnsemble, trainSequenceModels } from "./sequence-models.js";
import { foldOf, persistentMarket } from "./test-persistent-market.js";

const root = mkdtempSync(path.join(tmpdir(), "tickbook-sequence-"));
const dataset = persistentMarket(0.3, 3);
const experiment: Experiment = {
  dataset,
  folds: [foldOf(dataset)],
  slices: [],
  origin: { cut: { folds: 1, window: "anchored", windowBars: 8 }, source: "ticks" },
};
let store: Store;

beforeAll(async () => {
  store = await openStore(root);
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

/** Two models that are soon trained, from three seeds. */
const TINY: SequenceSize = {
  settings: [
    { ...LSTM_SETTINGS, steps: 8, units: 3, stride: 10, epochs: 2 },
    { ...TRANSFORMER_SETTINGS, steps: 8, width: 4, heads: 2, layers: 1, stride: 10, epochs: 2 },
  ],
  seeds: 3,
  hasEnsemble: true,
};

const there = (models: readonly (TrainedModel | Shortfall)[]): readonly TrainedModel[] =>
  models.map((model) => {
    if (isShortfall(model)) throw new Error(model.what);
    return model;
  });

test("every model of a size is trained, and told by its name", async () => {
  const lines: string[] = [];
  const request = { size: TINY, seed: 4, say: (line: string) => lines.push(line) };
  const models = there(await trainSequenceModels(store, experiment, request));
  expect(models.map(({ name, seed }) => [name, seed])).toEqual([
    ["lstm", 4],
    ["transformer", 4],
  ]);
  expect(lines[0]).toMatch(/^lstm: epoch 1 of at most 2: loss/);
  expect(lines.at(-1)).toMatch(/^transformer: epoch 2/);
});

test("other seeds count up from the first, which is not fitted again", async () => {
  const lines: string[] = [];
  const request = { size: TINY, seed: 4, say: (line: string) => lines.push(line) };
  const others = there(await trainOtherSeeds(store, experiment, request));
  expect(others.map(({ name, seed }) => `${name} ${seed}`)).toEqual([
    "lstm 5",
    "lstm 6",
    "transformer 5",
    "transformer 6",
  ]);
  expect(lines[0]).toMatch(/^lstm, seed 5: epoch 1/);
  const again = there(await trainSequenceModels(store, experiment, { size: TINY, seed: 5 }));
  expect(again.map(({ isLoaded }) => isLoaded)).toEqual([true, true]);
});

test("the ensemble has for members the very models that are given", async () => {
  const line = await trainBaseline(store, experiment, 4);
  const request = { size: TINY, seed: 4 };
  const networks = await trainSequenceModels(store, experiment, request);
  const missing = shortfall({ step: "train", what: "rows", has: 0, needs: 1 });
  const given = [line, ...networks, missing];
  const [ensemble] = there(await trainSequenceEnsemble(store, experiment, given, request));
  expect(ensemble!.name).toBe("ensemble");
  const versions = there([line, ...networks]).map(({ name, version }) => `${name}@${version}`);
  expect(membersOf(ensemble!.folds).map(({ name }) => name)).toEqual(versions);
  const none = { ...TINY, hasEnsemble: false };
  expect(await trainSequenceEnsemble(store, experiment, given, { size: none, seed: 4 })).toEqual(
    [],
  );
  expect(await trainSequenceEnsemble(store, experiment, [missing], request)).toEqual([]);
});

test("a small size has no other seeds, one of another name is refused, and too little data is passed on", async () => {
  expect(await trainOtherSeeds(store, experiment, { size: "small", seed: 1 })).toEqual([]);
  const asked = trainSequenceModels(store, experiment, { size: "medium", seed: 1 });
  await expect(asked).rejects.toThrow(OptionError);
  const missing = shortfall({ step: "cut folds", what: "bars", has: 3, needs: 9 });
  const full = { size: "full", seed: 1 };
  expect(await trainSequenceModels(store, missing, full)).toEqual([missing, missing]);
  expect(await trainOtherSeeds(store, missing, full)).toEqual([missing, missing]);
});
