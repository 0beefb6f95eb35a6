import { afterAll, beforeAll, expect, test } from "vitest";
import { freshStore, START_US, storeCandles } from "../audit/sources/test-sources.js";
import { seededRandom } from "../core/random.js";
import { shortfall } from "../core/shortfall.js";
import { DAY_US, dateOf } from "../core/time.js";
import { buildDataset } from "../dataset/build-dataset.js";
import { walkForwardFolds } from "../dataset/folds.js";
import type { Fold } from "../dataset/matrix.js";
import type { MinuteCandles } from "../market/exchange-minutes.js";
import { readLedger } from "../registry/ledger.js";
import type { Store } from "../store/store.js";
import { fitOrLoad } from "../training/fit-or-load.js";
import { LOGISTIC_SETTINGS, LSTM_SETTINGS } from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import type { Experiment } from "./experiment.js";
import { type BaselineComparison, compareBaselines } from "./source-baselines.js";

const DAYS = Array.from({ length: 7 }, (_, d) => dateOf(START_US + d * DAY_US));
const MARKET = { exchange: "bitfinex", symbols: ["BTCUSD"], days: DAYS };

let store: Store;
let remove: () => Promise<void>;
let experiment: Pick<Experiment, "dataset" | "folds">;
let baseline: TrainedModel;

/** A walk whose moves go on for some minutes, so that there is something to learn. */
function walk(seed: number): MinuteCandles {
  const random = seededRandom(seed, "walk");
  const minutes = 1440 * DAYS.length;
  const open = new Float64Array(minutes);
  let price = 60_000;
  let trend = 0;
  const close = open.map((_, m) => {
    open[m] = price;
    trend = 0.97 * trend + 0.25 * random.normal();
    price *= Math.exp(2e-4 * (trend + random.normal()));
    return price;
  });
  const high = close.map((x, m) => Math.max(x, open[m]!) * (1 + 1e-4 * random.uniform()));
  const low = close.map((x, m) => Math.min(x, open[m]!) * (1 - 1e-4 * random.uniform()));
  const volume = close.map(() => 1 + random.exponential());
  return { startUs: START_US, open, high, low, close, volume };
}

beforeAll(async () => {
  ({ store, remove } = await freshStore());
  for (const date of DAYS) {
    await storeCandles(store, { exchange: "bitfinex", symbol: "BTCUSD", date }, walk(1));
    await storeCandles(store, { exchange: "coinbase", symbol: "BTC-USD", date }, walk(2));
  }
  const dataset = await buildDataset(store, { ...MARKET, source: "candles" });
  const folds = walkForwardFolds(dataset, { windowBars: LSTM_SETTINGS.steps }) as readonly Fold[];
  experiment = { dataset, folds };
  baseline = (await fitOrLoad(dataset, folds, LOGISTIC_SETTINGS, {
    root: store.root,
    seed: 1,
  })) as TrainedModel;
});
afterAll(() => remove());

test("the same inputs, asked the same question on the same folds, are right as often to the last row", async () => {
  const found = await compareBaselines(store, experiment, baseline, { seed: 1 });
  const { baselines, shortfalls } = found as BaselineComparison;
  expect(shortfalls).toEqual([]);
  const [ticks, same, own] = baselines;
  expect(baselines).toHaveLength(3);
  expect(same).toMatchObject({ source: "candles", exchange: "bitfinex", rows: ticks!.rows });
  expect(same!.accuracy).toEqual(ticks!.accuracy);
  expect(same!.aboveTicks).toMatchObject({ estimate: 0, lower: 0, upper: 0 });
  // The experiment's label was the close here, so the third is the same once more.
  expect(own!.accuracy.estimate).toBe(ticks!.accuracy.estimate);
  expect(own).toMatchObject({ labelKind: "close", isSameQuestion: false });
  expect(same).toMatchObject({ labelKind: "close", isSameQuestion: true });
  expect(ticks!.accuracy.lower).toBeGreaterThan(ticks!.majorityRate);
  expect(ticks!.effectiveRows).toBeGreaterThan(10);
  expect(ticks!.effectiveRows).toBeLessThanOrEqual(ticks!.rows / 15);
});

test("candles of another market know nothing of this one, though they predict themselves", async () => {
  const options = { seed: 1, candles: "coinbase" };
  const found = await compareBaselines(store, experiment, baseline, options);
  const [ticks, same, own] = (found as BaselineComparison).baselines;
  expect(same).toMatchObject({ exchange: "coinbase", rows: ticks!.rows });
  expect(same!.aboveTicks.upper).toBeLessThan(0);
  expect(same!.accuracy.lower).toBeLessThan(same!.majorityRate);
  expect(own!.accuracy.lower).toBeGreaterThan(0.5);
});

test("every fit is a trial that was traded, and none is counted again: not on another run, nor of these very candles", async () => {
  const { state } = await readLedger(store.root);
  // The experiment's baseline, which is that of its own candles, and two of the other market's.
  expect(state.trials.size).toBe(3);
  expect(new Set([...state.trials.values()].map(({ data }) => data)).size).toBe(3);
  expect([...state.evaluations.keys()].sort()).toEqual([...state.trials.keys()].sort());
  const { head } = await readLedger(store.root);
  for (const options of [{ seed: 1 }, { seed: 1, candles: "coinbase" }]) {
    await compareBaselines(store, experiment, baseline, options);
  }
  expect((await readLedger(store.root)).head).toBe(head);
});

test("no experiment, no baseline or no candles: said, never thrown", async () => {
  const missing = shortfall({ step: "train", what: "rows", has: 0, needs: 1 });
  expect(await compareBaselines(store, missing, baseline, { seed: 1 })).toBe(missing);
  expect(await compareBaselines(store, experiment, missing, { seed: 1 })).toBe(missing);
  const none = await compareBaselines(store, experiment, baseline, {
    seed: 1,
    candles: "bitstamp",
  });
  expect(none).toMatchObject({ kind: "shortfall", step: "train the baseline on candles", has: 0 });
  const cut = { folds: 1, window: "anchored", windowBars: LSTM_SETTINGS.steps } as const;
  const ofCandles = { ...experiment, origin: { cut, source: "candles" } } as const;
  expect(await compareBaselines(store, ofCandles, baseline, { seed: 1 })).toMatchObject({
    ...{ kind: "shortfall", step: "hold candles against ticks" },
  });
});

test("candles give no feature that needs trades", async () => {
  const asked = { ...MARKET, source: "candles", features: ["close", "tfi"] } as const;
  await expect(buildDataset(store, asked)).rejects.toThrow(/named tfi, which candles do not give/);
  const nothing = { ...MARKET, exchange: "kraken", source: "candles" } as const;
  await expect(buildDataset(store, nothing)).rejects.toThrow(
    /no candles are stored; bring them in/,
  );
});
