import { beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { isShortfall, shortfall } from "../core/shortfall.js";
import type { Dataset } from "../dataset/matrix.js";
import { inputGradient, type SlopedModel } from "../models/input-gradient.js";
import { buildLstm, type LstmShape } from "../models/lstm.js";
import type { FoldFit } from "../training/fold-fit.js";
import { LSTM_SETTINGS, type LstmSettings } from "../training/settings.js";
import { trainFold } from "../training/train-fold.js";
import type { TrainedModel } from "../training/trained-model.js";
import type { Experiment } from "./experiment.js";
import { inputImportance, inputImportances } from "./input-importance.js";
import { foldOf, persistentMarket } from "./test-persistent-market.js";

const STEPS = 12;
const SHAPE: LstmShape = { inputSize: 3, steps: STEPS, units: 4, layers: 1, layerNorm: false };
const LINE = { weights: Float64Array.of(0.3, -0.2, 0.1), intercept: 0.05 };

/** Two inputs show a signal that lasts, with noise; the third is noise. */
const dataset: Dataset = persistentMarket(0.35, 4);
const { test: testRows } = foldOf(dataset);

type Fitted = Pick<TrainedModel, "name" | "folds">;

function fitted(model: FoldFit["predictor"]["model"], rows = testRows): Fitted {
  const scaler = { mean: new Float64Array(3), deviation: Float64Array.of(1.4, 1.4, 1) };
  const calibrator = {
    kind: "temperature",
    scale: 1,
  } as unknown as FoldFit["predictor"]["calibrator"];
  const predictor = { featureNames: dataset.featureNames, scaler, model, calibrator };
  return { name: model.kind, folds: [{ predictor, testRows: rows } as unknown as FoldFit] };
}

/** An LSTM whose parameters are all away from zero. */
function drawn(seed: number): SlopedModel {
  const random = seededRandom(seed, "parameters");
  const built = buildLstm(SHAPE, 1);
  return { ...built, parameters: built.parameters.map(() => 0.5 * random.normal()) };
}

test("of a line, and of a network that is one so far, each family weighs the size of its weights, at the newest step", async () => {
  for (const model of [
    { ...LINE, kind: "logistic" } as const,
    buildLstm({ ...SHAPE, units: 3 }, 1, LINE),
  ]) {
    const { reach, families, steps, history, features } = await inputImportance(
      dataset,
      fitted(model),
      { seed: 1 },
    );
    expect(features).toBe(3);
    expect(reach.estimate).toBeCloseTo(0.6, 7);
    const wanted = {
      "book imbalance": 0.5,
      "trade flow": 1 / 3,
      returns: 1 / 6,
    };
    expect(Object.keys(wanted).sort()).toEqual(families.map(({ family }) => family).sort());
    for (const { family, features: own, share } of families) {
      expect(own).toBe(1);
      expect(share.estimate).toBeCloseTo(wanted[family as keyof typeof wanted], 6);
      // Every window has the same slopes: there is nothing to scatter.
      expect(share.upper - share.lower).toBeLessThan(1e-12);
    }
    expect(steps[0]!.estimate).toBe(1);
    expect(history.estimate).toBe(0);
  }
});

test("shares of families are all there is, and so are those of steps; single windows, one by one, give the same", async () => {
  const model = drawn(1);
  const { reach, families, steps, history, windows } = await inputImportance(
    dataset,
    fitted(model),
    { seed: 1, windows: 100 },
  );
  const sum = (of: readonly { readonly share: { readonly estimate: number } }[]): number =>
    of.reduce((all, { share }) => all + share.estimate, 0);
  expect(sum(families)).toBeCloseTo(1, 12);
  expect(sum(steps.map((share) => ({ share })))).toBeCloseTo(1, 12);
  expect(history.estimate).toBeCloseTo(1 - steps[0]!.estimate, 12);
  expect(steps).toHaveLength(STEPS);

  const rows = testRows.filter((_, i) => i % Math.ceil(testRows.length / 100) === 0);
  expect(windows).toBe(rows.length);
  const { scaler } = fitted(model).folds[0]!.predictor;
  let total = 0;
  let newest = 0;
  const byInput = [0, 0, 0];
  for (const row of rows) {
    const { values } = await inputGradient({ scaler, model }, dataset.inputs, Uint32Array.of(row));
    values.forEach((g, i) => {
      total += Math.abs(g);
      byInput[i % 3]! += Math.abs(g);
      if (i >= 3 * (STEPS - 1)) newest += Math.abs(g);
    });
  }
  expect(reach.estimate).toBeCloseTo(total / rows.length, 6);
  expect(steps[0]!.estimate).toBeCloseTo(newest / total, 6);
  for (const [name, j] of [
    ["book imbalance", 0],
    ["trade flow", 1],
    ["returns", 2],
  ] as const) {
    const own = families.find(({ family }) => family === name)!;
    expect(own.share.estimate).toBeCloseTo(byInput[j]! / total, 6);
    expect(own.share.lower).toBeLessThan(own.share.estimate);
    expect(own.share.upper).toBeGreaterThan(own.share.estimate);
  }
});

test("folds count together, each by its own model", async () => {
  const half = Math.floor(testRows.length / 2);
  const parts = [testRows.subarray(0, half), testRows.subarray(half)] as const;
  const models = [drawn(1), drawn(2)] as const;
  const folds = parts.flatMap((rows, i) => fitted(models[i]!, rows).folds);
  const ask = async (of: Fitted) => await inputImportance(dataset, of, { seed: 1, windows: 4e4 });
  const both = await ask({ name: "lstm", folds });
  const each = await Promise.all(parts.map((rows, i) => ask(fitted(models[i]!, rows))));
  expect(both.windows).toBe(testRows.length);
  const sum = ({ reach, windows }: (typeof each)[number]): number => reach.estimate * windows;
  expect(sum(both)).toBeCloseTo(sum(each[0]!) + sum(each[1]!), 3);
});

test("asked of models, those that have slopes answer; without one it is said what is missing", async () => {
  const experiment = { dataset } as Experiment;
  const sign = fitted({ kind: "sign", input: 0 }) as TrainedModel;
  const line = fitted({ ...LINE, kind: "logistic" }) as TrainedModel;
  const missing = shortfall({ step: "train", what: "rows", has: 0, needs: 1 });
  const told = await inputImportances(experiment, [sign, missing, line], { seed: 1, windows: 50 });
  if (isShortfall(told)) throw new Error(told.what);
  expect(told.map(({ model }) => model)).toEqual(["logistic"]);
  expect(await inputImportances(missing, [line], { seed: 1 })).toBe(missing);
  expect(await inputImportances(experiment, [missing], { seed: 1 })).toBe(missing);
  expect(await inputImportances(experiment, [sign], { seed: 1 })).toMatchObject({
    has: 0,
    needs: 1,
  });
  await expect(inputImportance(dataset, sign, { seed: 1 })).rejects.toThrow("have no slopes");
});

/** Small, and soon trained. */
const SETTINGS: LstmSettings = {
  ...LSTM_SETTINGS,
  ...{
    steps: STEPS,
    units: 6,
    dropout: 0,
    batchSize: 128,
    stride: 2,
    epochs: 6,
    learningRate: 1e-2,
    weightDecay: 0,
    startPriorDeviation: 0,
  },
};

let trained: FoldFit;
beforeAll(async () => {
  const fit = await trainFold(dataset, foldOf(dataset), SETTINGS, 1);
  if (isShortfall(fit)) throw new Error(fit.what);
  trained = fit;
});

test("a trained LSTM weighs what shows the signal, now and before, and hardly the noise", async () => {
  const model = { name: "lstm", folds: [trained] };
  const { families, history, steps } = await inputImportance(dataset, model, { seed: 1 });
  const share = Object.fromEntries(families.map(({ family, share }) => [family, share.estimate]));
  expect(share["returns"]).toBeLessThan(0.1);
  expect(share["book imbalance"]).toBeGreaterThan(0.3);
  expect(share["trade flow"]).toBeGreaterThan(0.3);
  // The signal lasts, so bars before tell of it too.
  expect(history.estimate).toBeGreaterThan(0.3);
  expect(steps[1]!.estimate).toBeGreaterThan(steps[STEPS - 1]!.estimate);
});
