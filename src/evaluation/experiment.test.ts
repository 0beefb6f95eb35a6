// From a stored market to an evaluation in the ledger, found again by its trial.
import { mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { DAY_US, dateOf, dayStartUs } from "../core/time.js";
import { computeFeatures } from "../features/compute-features.js";
import { changeColumns, storeMarket, tradeColumns } from "../features/test-market.js";
import { movingBook } from "../features/test-moving-book.js";
import { readLedger } from "../registry/ledger.js";
import { readTrials } from "../registry/trials.js";
import { openStore, type Store } from "../store/store.js";
import {
  BASELINE_LADDER,
  LOGISTIC_SETTINGS,
  MLP_SETTINGS,
  modelName,
} from "../training/settings.js";
import type { TrainedModel } from "../training/trained-model.js";
import { type ExperimentEvaluation, evaluateModels } from "./evaluate-models.js";
import { type Experiment, prepareExperiment, trainLadder, trainModel } from "./experiment.js";
import { experimentOf } from "./experiment-of.js";

const LADDER = [...BASELINE_LADDER, MLP_SETTINGS].map(modelName);

const FROM = "2024-03-01";
const DAYS = [0, 1, 2].map((day) => dateOf(dayStartUs(FROM) + day * DAY_US));
const MARKET = { exchange: "binance", symbols: ["BTCUSDT"], days: DAYS };
/** Few features that need little warm-up, so that three days are enough. */
const FEATURES = ["close", "log_ret_5", "obi_l1", "ofi_norm", "tfi", "hour_sin"];

const root = mkdtempSync(path.join(tmpdir(), "tickbook-experiment-"));
const book = movingBook(5, FROM, DAYS.length);
let store: Store;
let experiment: Experiment;
let models: readonly TrainedModel[];
let evaluation: ExperimentEvaluation;

const there = <Result>(result: Result | Shortfall): Result => {
  if (isShortfall(result)) throw new Error(result.what);
  return result;
};

beforeAll(async () => {
  store = await openStore(root);
  const random = seededRandom(6);
  for (const date of DAYS) {
    const startUs = dayStartUs(date);
    const own = book.rows.filter(({ timeUs }) => timeUs >= startUs && timeUs < startUs + DAY_US);
    const trades = own
      .filter((_, i) => i % 4 === 0)
      .map((row) => ({ ...row, price: book.midAt(row.timeUs), amount: 1 + random.below(9) }));
    const market = { trades: tradeColumns(trades), bookChanges: changeColumns(own) };
    await storeMarket(store, { exchange: "binance", symbol: "BTCUSDT", date }, market);
  }
  await computeFeatures(store, MARKET);
  experiment = there(await prepareExperiment(store, { ...MARKET, features: FEATURES }));
  models = (await trainLadder(store, experiment, 1)).map(there);
  evaluation = there(await evaluateModels(store, experiment, models, { seed: 1, walks: 2 }));
}, 240_000);

afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true, force: true });
});

describe("the ladder", () => {
  const names = LADDER;

  test("has a trial and an evaluation of every rung, all on the same rows", async () => {
    expect(evaluation.models.map(({ model }) => model)).toEqual(names);
    expect(new Set(evaluation.models.map(({ rows }) => rows)).size).toBe(1);
    expect(evaluation.rungs.rungs.map(({ model }) => model)).toEqual(names);
    const { state } = await readLedger(root);
    expect(state.trials.size).toBe(names.length);
    for (const { key, name } of models) {
      const own = evaluation.models.find(({ model }) => model === name)!;
      const entry = state.evaluations.get(key);
      expect(entry).toMatchObject({ verdict: own.verdict, isVoid: false });
      expect(entry!.gates.map((gate) => gate.name)).toEqual(own.gates.map((gate) => gate.name));
    }
  });

  test("is loaded the second time, and neither a trial nor an evaluation is added", async () => {
    const before = await readLedger(root);
    const again = (await trainLadder(store, experiment, 1)).map(there);
    expect(again.every(({ isLoaded }) => isLoaded)).toBe(true);
    const second = there(await evaluateModels(store, experiment, again, { seed: 1, walks: 2 }));
    expect(second.models).toEqual(evaluation.models);
    expect((await readLedger(root)).head).toBe(before.head);
  });

  test("finds nothing on a walk: no rung passes, and the canaries are right", () => {
    expect(evaluation.models.every(({ verdict }) => verdict !== "pass")).toBe(true);
    expect(evaluation.canaries.length).toBeGreaterThan(3);
    expect(evaluation.canaries.filter(({ isRight }) => !isRight)).toEqual([]);
    expect(evaluation.canaries.at(-1)).toMatchObject({ name: "rows rebuilt from events" });
    expect(evaluation.canaryShortfalls).toEqual([]);
  });

  test("is refitted without its test, rung by rung, to the bit", () => {
    const refits = evaluation.canaries.filter(({ name }) => name.endsWith("without its test"));
    expect(refits.map(({ name }) => name)).toEqual(
      names.map((name) => `${name} refitted without its test`),
    );
    expect(refits.every(({ note }) => note === "the one fold, to the bit")).toBe(true);
  });

  test("is traded on the stored book down to the costs, never for more than at the mid", () => {
    for (const { ladder, backtest } of evaluation.models) {
      expect(ladder.rungs.map(({ name }) => name)).toEqual([
        "mid",
        "touch",
        "book",
        "latency",
        "costs",
      ]);
      const [mid, touch, walked] = ladder.rungs;
      expect(touch!.netReturn).toBeLessThanOrEqual(mid!.netReturn);
      expect(walked!.netReturn).toBeLessThanOrEqual(touch!.netReturn);
      expect(backtest.netReturn).toBe(ladder.rungs.at(-1)!.netReturn);
    }
  });
});

describe("a trial's data", () => {
  test("is its features joined again, and its stored matrix where there are none", async () => {
    const [trial] = await readTrials(root);
    expect(await experimentOf(store, trial!)).toEqual(experiment);
    const features = path.join(root, "features");
    renameSync(features, `${features}.away`);
    const bare = await openStore(root);
    expect(await experimentOf(bare, trial!)).toEqual(experiment);
    await bare.close();
    const matrix = path.join(root, "datasets");
    renameSync(matrix, `${matrix}.away`);
    const none = await openStore(root);
    await expect(experimentOf(none, trial!)).rejects.toThrow(/datasets/);
    await none.close();
    for (const folder of [features, matrix]) renameSync(`${folder}.away`, folder);
  });
});

test("a leak that is in the data alone voids the evaluation", async () => {
  const { dataset } = experiment;
  const width = FEATURES.length;
  const inputs = dataset.inputs.slice();
  inputs.copyWithin(0, width);
  const leaky = { ...experiment, dataset: { ...dataset, inputs } };
  const [majority] = models;
  const voided = there(await evaluateModels(store, leaky, [majority!], { seed: 1, walks: 1 }));
  expect(voided.isVoid).toBe(true);
  expect(voided.canaries.filter(({ isRight }) => !isRight)).toMatchObject([
    { name: "rows rebuilt from events", value: 1 },
  ]);
});

test("a model that these data and settings do not make voids the evaluation", async () => {
  const mlp = models.at(-1)!;
  const asked = { seed: 1, walks: 1, record: [] };
  const other = { ...mlp, seed: 2 };
  const voided = there(await evaluateModels(store, experiment, [models[0]!, other], asked));
  expect(voided.isVoid).toBe(true);
  expect(voided.canaries.filter(({ isRight }) => !isRight)).toMatchObject([
    { name: "mlp refitted without its test", value: 1 },
  ]);
});

test("calibrators are compared on the rows that all models predicted, as everything else", async () => {
  const [majority] = models;
  const part = <Column extends { slice(from: number): Column }>(column: Column): Column =>
    column.slice(100);
  const late = {
    ...majority!,
    testRows: part(majority!.testRows),
    probability: part(majority!.probability),
  };
  const line = models.find(({ name }) => name === "logistic")!;
  const asked = { seed: 1, walks: 1, record: [] };
  const found = there(await evaluateModels(store, experiment, [late, line], asked));
  const own = found.models.find(({ model }) => model === "logistic")!;
  expect(own.rows).toBe(line.testRows.length - 100);
  const shipped = own.calibrators!.find(({ calibrator }) => calibrator === "temperature")!;
  for (const loss of ["calibrationError", "brierLoss", "logLoss"] as const) {
    expect(shipped.losses[loss].estimate).toBeCloseTo(own.metrics[loss].estimate, 12);
  }
});

test("acting on the surest third only is what accuracy's gate judges and what is traded", async () => {
  const settings = { ...LOGISTIC_SETTINGS, coverage: 0.3 };
  const line = [there(await trainModel(store, experiment, settings, { seed: 1 }))];
  const part = there(await evaluateModels(store, experiment, line, { seed: 1, walks: 1 }));
  const [own] = part.models;
  expect(own!.acted.coverage).toBeGreaterThan(0.1);
  expect(own!.acted.coverage).toBeLessThan(0.6);
  expect(own!.gates.find(({ name }) => name === "accuracy")!.value).toBe(
    own!.acted.accuracy.estimate,
  );
  const whole = evaluation.models.find(({ model }) => model === "logistic")!;
  expect(own!.backtest.turnoverADay).toBeLessThan(whole.backtest.turnoverADay);
  expect(own!.metrics.accuracy).toEqual(whole.metrics.accuracy);
});

test("bundles lie whole beside each other, a folder a rung", () => {
  const names = readdirSync(path.join(root, "registry", "models"));
  expect(names.sort()).toEqual([...LADDER].sort());
});
