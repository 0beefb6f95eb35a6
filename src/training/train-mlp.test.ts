import { expect, test } from "vitest";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import { predictorToBytes } from "../models/predictor.js";
import { loadTensorflow } from "../models/tensorflow.js";
import type { CheckpointFile } from "./checkpoint.js";
import { defaultMlpSettings } from "./default-settings.js";
import type { FoldFit } from "./fold-fit.js";
import { LOGISTIC_SETTINGS, MLP_SETTINGS, type MlpSettings } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { trainLogistic } from "./train-logistic.js";
import { trainMlp } from "./train-mlp.js";

const SMALL: MlpSettings = {
  ...MLP_SETTINGS,
  units: [8, 4],
  batchSize: 128,
  epochs: 3,
};

const newest = testDataset(1200, (first) => (first.at(-1)! > 0 ? 0.9 : 0.1));
/** Up when the first input is far from 0, on either side: no line can tell. */
const folded = testDataset(2000, (first) => (Math.abs(first.at(-1)!) > 0.67 ? 0.95 : 0.05));

function fitted(fit: FoldFit | Shortfall): FoldFit {
  if (isShortfall(fit)) throw new Error(fit.what);
  return fit;
}

function accuracy({ probability, testRows }: FoldFit, { outcome }: Dataset): number {
  return mean(probability.map((p, i) => Number(p > 0.5 === outcome[testRows[i]!]! > 0.5)));
}

const bytesOf = (fit: FoldFit): Uint8Array => predictorToBytes(fit.predictor);
const train = async (settings: MlpSettings = SMALL, seed = 1): Promise<FoldFit> =>
  fitted(await trainMlp(newest, testFold(newest), settings, seed));

test("it learns what no line can tell", async () => {
  const settings = { ...SMALL, units: [16, 8], epochs: 8 };
  const fold = testFold(folded);
  const mlp = fitted(await trainMlp(folded, fold, settings, 1));
  const line = fitted(await trainLogistic(folded, fold, LOGISTIC_SETTINGS));
  expect(accuracy(mlp, folded)).toBeGreaterThan(0.85);
  expect(accuracy(line, folded)).toBeLessThan(0.6);
});

test("it starts from the line: before any step its early-stop loss is far below that of one half", async () => {
  const [start] = (await train()).history;
  expect(start!.earlyStopLoss).toBeLessThan(0.6);
  const [cold] = (await train({ ...SMALL, startPriorDeviation: 0 })).history;
  expect(cold!.earlyStopLoss).toBeCloseTo(Math.LN2, 6);
});

test("one seed gives the same bytes and predictions twice, another seed others", async () => {
  const [one, again, other] = [await train(), await train(), await train(SMALL, 2)];
  expect(bytesOf(again)).toEqual(bytesOf(one));
  expect(again.probability).toEqual(one.probability);
  expect(bytesOf(other)).not.toEqual(bytesOf(one));
});

test("altering test rows, inputs and outcomes, changes no fitted byte", async () => {
  const inputs = newest.inputs.slice();
  const outcome = newest.outcome.slice();
  for (const row of testFold(newest).test) {
    inputs.fill(1e3 * (row % 7), 3 * row, 3 * row + 3);
    outcome[row] = 1 - outcome[row]!;
  }
  const after = await trainMlp({ ...newest, inputs, outcome }, testFold(newest), SMALL, 1);
  expect(bytesOf(fitted(after))).toEqual(bytesOf(await train()));
});

test("a run that is killed and resumed ends with the same bytes", async () => {
  let saved: Uint8Array | undefined;
  const checkpoint: CheckpointFile = {
    ...{ name: "saved", fit: "test" },
    read: async () => saved,
    write: async (bytes) => {
      saved = bytes;
    },
  };
  const killed = trainMlp(newest, testFold(newest), SMALL, 1, {
    checkpoint,
    onEpoch: () => {
      throw new Error("killed");
    },
  });
  await expect(killed).rejects.toThrow("killed");
  const resumed = await trainMlp(newest, testFold(newest), SMALL, 1, { checkpoint });
  expect(bytesOf(fitted(resumed))).toEqual(bytesOf(await train()));
});

test("training leaves no tensor behind", async () => {
  const { tf } = await loadTensorflow();
  await train();
  const before = tf.memory().numTensors;
  await train();
  expect(tf.memory().numTensors).toBe(before);
});

test("too few rows are a shortfall, not an error", async () => {
  const tiny = testDataset(100, () => 0.5);
  expect(await trainMlp(tiny, testFold(tiny), SMALL, 1)).toMatchObject({
    step: "train the multilayer perceptron",
    needs: 500,
  });
});

test("on the JavaScript backend the network is smaller", () => {
  expect(defaultMlpSettings({ backend: "native" })).toBe(MLP_SETTINGS);
  const { units, ...rest } = defaultMlpSettings({ backend: "javascript" });
  expect(units).toEqual([8, 4]);
  expect(rest).toMatchObject({ stride: 2, startPriorDeviation: 0.1 });
});
