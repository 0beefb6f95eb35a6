import { afterAll, beforeAll, expect, test } from "vitest";
import { freshStore, START_US, storeCandles } from "../audit/sources/test-sources.js";
import { seededRandom } from "../core/random.js";
import { shortfall } from "../core/shortfall.js";
import { DAY_US, dateOf } from "../core/time.js";
import { readLedger } from "../registry/ledger.js";
import { statisticsOf } from "../registry/ledger-state.js";
import { modelName } from "../registry/trial.js";
import type { Store } from "../store/store.js";
import { baselineOverfitting } from "./baseline-overfitting.js";
import { type Experiment, prepareExperiment, trainBaseline } from "./experiment.js";
import { experimentOf } from "./experiment-of.js";
import type { Overfitting } from "./overfitting.js";

const DAYS = Array.from({ length: 4 }, (_, d) => dateOf(START_US + d * DAY_US));
const OPTIONS = { seed: 1, groups: 3, testGroups: 1, blocks: 4 };

let store: Store;
let remove: () => Promise<void>;
let experiment: Experiment;

beforeAll(async () => {
  ({ store, remove } = await freshStore());
  const random = seededRandom(1, "walk");
  const open = new Float64Array(1440 * DAYS.length);
  let price = 60_000;
  const close = open.map((_, m) => {
    open[m] = price;
    price *= Math.exp(2e-4 * random.normal());
    return price;
  });
  const high = close.map((value, m) => Math.max(value, open[m]!));
  const low = close.map((value, m) => Math.min(value, open[m]!));
  const volume = close.map(() => 1 + random.exponential());
  const candles = { startUs: START_US, open, high, low, close, volume };
  for (const date of DAYS) {
    await storeCandles(store, { exchange: "bitfinex", symbol: "BTCUSD", date }, candles);
  }
  const market = {
    exchange: "bitfinex",
    symbols: ["BTCUSD"],
    days: DAYS,
    source: "candles",
  } as const;
  experiment = (await prepareExperiment(store, market)) as Experiment;
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
  expect(state.sharpes.size).toBe(state.trials.size);
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
