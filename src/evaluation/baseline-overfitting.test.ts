import { afterAll, beforeAll, expect, test } from "vitest";
import { freshStore } from "../audit/sources/test-sources.js";
import { MARKET, storeWanderingCandles } from "../audit/sources/test-wandering-candles.js";
import { shortfall } from "../core/shortfall.js";
import { readLedger } from "../registry/ledger.js";
import { statisticsOf } from "../registry/ledger-state.js";
import { modelName } from "../registry/trial.js";
import type { Store } from "../store/store.js";
import { baselineOverfitting } from "./baseline-overfitting.js";
import { type Experiment, prepareExperiment, trainBaseline } from "./experiment.js";
import { experimentOf } from "./experiment-of.js";
import type { Overfitting } from "./overfitting.js";

const OPTIONS = { seed: 1, groups: 3, testGroups: 1, blocks: 4 };

let store: Store;
let remove: () => Promise<void>;
let experiment: Experiment;

beforeAll(async () => {
  ({ store, remove } = await freshStore());
  await storeWanderingCandles(store, 0);
  experiment = (await prepareExperiment(store, MARKET)) as Experiment;
});
afterAll(() => remove());

test("every configuration is a trial of the experiment, counted once however often it is asked", async () => {
  await trainBaseline(store, experiment, 1);
  const found = (await baselineOverfitting(store, experiment, OPTIONS)) as Overfitting;
  const { state, head } = await readLedger(store.root);
  const names = [...state.trials.values()].map(({ settings }) => {
    const { columns, priorDeviations } = settings as { columns: string; priorDeviations: number[] };
    return `${columns}, prior ${priorDeviations.join(" ")}`;
  });
  for (const { name } of found.configurations) expect(names).toContain(name);
  // The baseline, whose prior is chosen, is one more.
  expect(state.trials.size).toBe(found.configurations.length + 1);
  expect([...state.evaluations.keys()].sort()).toEqual([...state.trials.keys()].sort());
  for (const trial of state.trials.values()) {
    expect((await experimentOf(store, trial)).dataset.hash).toBe(experiment.dataset.hash);
    expect(modelName(trial)).toMatch(/^logistic/);
  }
  expect(await baselineOverfitting(store, experiment, OPTIONS)).toEqual(found);
  expect((await readLedger(store.root)).head).toBe(head);
  expect(statisticsOf(state).count).toBe(state.trials.size);
});

test("what is missing is handed on, and nothing is recorded", async () => {
  const { head } = await readLedger(store.root);
  const missing = shortfall({ step: "train", what: "rows", has: 0, needs: 1 });
  expect(await baselineOverfitting(store, missing, OPTIONS)).toBe(missing);
  expect((await readLedger(store.root)).head).toBe(head);
});
