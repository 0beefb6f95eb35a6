import { afterAll, beforeAll, expect, test } from "vitest";
import { freshStore } from "../audit/sources/test-sources.js";
import { MARKET, storeWanderingCandles } from "../audit/sources/test-wandering-candles.js";
import { MINUTE_US, SECOND_US } from "../core/time.js";
import { readLedger } from "../registry/ledger.js";
import type { Store } from "../store/store.js";
import { dataHash } from "../training/fit-or-load.js";
import { prepareExperiment, trainBaseline } from "./experiment.js";
import { experimentOf } from "./experiment-of.js";
import { type HorizonMap, horizonMap } from "./horizon-map.js";

let store: Store;
let remove: () => Promise<void>;
let map: HorizonMap;

beforeAll(async () => {
  ({ store, remove } = await freshStore());
  await storeWanderingCandles(store, 0.25);
  const horizonsUs = [5 * SECOND_US, 5 * MINUTE_US, 15 * MINUTE_US, 300 * MINUTE_US];
  map = (await horizonMap(store, MARKET, { seed: 1, horizonsUs })) as HorizonMap;
});
afterAll(() => remove());

test("candles give no horizon between bars, and a test of too few blocks gives no interval and no verdict", () => {
  expect(map.shortfalls).toHaveLength(1);
  expect(map.shortfalls[0]).toMatchObject({ step: "predict 5 s ahead", has: 0 });
  const [, , long] = map.points;
  expect(long).toMatchObject({ horizonUs: 300 * MINUTE_US, pays: "undecided" });
  expect(long!.edgeBps.lower).toBeNaN();
  expect(long!.effectiveRows).toBe(0);
});

test("a verdict says no more than the interval of the edge beside fees and spread", () => {
  for (const { pays, edgeBps, costBps, spreadCostBps, moveBps } of map.points.slice(0, 2)) {
    // FTMO's fee of 3.25 bps and, without a book, half a spread of 2 bps, in and out.
    expect(costBps).toBeCloseTo(2 * (3.25 + 2), 9);
    expect(spreadCostBps).toBeCloseTo(4, 9);
    const says = edgeBps.lower > costBps ? "yes" : edgeBps.upper < costBps ? "no" : "undecided";
    expect(["undecided", says]).toContain(pays);
    expect(edgeBps.estimate).toBeLessThan(moveBps);
    expect(edgeBps.lower).toBeLessThan(edgeBps.estimate);
  }
});

test("every fit is a trial that is not traded, and that of an experiment's own horizon is the experiment's", async () => {
  const { state } = await readLedger(store.root);
  expect(state.trials.size).toBe(map.points.length);
  expect(state.evaluations.size).toBe(0);
  const experiment = await prepareExperiment(store, { ...MARKET, horizonBars: 15 });
  const baseline = await trainBaseline(store, experiment, 1);
  expect(baseline).toMatchObject({ name: "logistic", isLoaded: true });
  expect((await readLedger(store.root)).state.trials.size).toBe(state.trials.size);
});

test("a horizon's trial tells where its data lies, so that it can be evaluated", async () => {
  const { state } = await readLedger(store.root);
  for (const trial of state.trials.values()) {
    expect(trial.part).toBe("horizon map");
    const { dataset, folds } = await experimentOf(store, trial);
    expect(dataHash(dataset, folds)).toBe(trial.data);
  }
});

test("when no horizon has enough data, what is missing is the result", async () => {
  const horizonsUs = [5 * SECOND_US];
  const nothing = await horizonMap(store, MARKET, { seed: 1, horizonsUs });
  expect(nothing).toMatchObject({ kind: "shortfall", step: "predict 5 s ahead" });
});
