import { expect, test } from "vitest";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import type { Dataset } from "../dataset/matrix.js";
import { predictorToBytes } from "../models/predictor.js";
import { loadTensorflow } from "../models/tensorflow.js";
import type { CheckpointFile } from "./checkpoint.js";
import { defaultTransformerSettings } from "./default-settings.js";
import type { FoldFit } from "./fold-fit.js";
import { MODEL_NAMES, namedSettings } from "./named-settings.js";
import { TRANSFORMER_SETTINGS, type TransformerSettings, WINDOW_BARS } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { trainTransformer } from "./train-transformer.js";

const SMALL: TransformerSettings = {
  ...TRANSFORMER_SETTINGS,
  ...{ steps: 8, width: 8, heads: 2, feedForward: 16, batchSize: 128, stride: 2, epochs: 2 },
};

/** Up when the newest value of the first input is positive, nine times in ten. */
const newest = testDataset(1200, (first) => (first.at(-1)! > 0 ? 0.9 : 0.1));
/** Up when the sum of the first input over bars 3 to 5 back is positive: the newest bar knows nothing. */
const older = testDataset(3000, (first) => {
  const sum = first.slice(-6, -3).reduce((total, value) => total + value, 0);
  return sum > 0 ? 0.98 : 0.02;
});

function fitted(fit: FoldFit | Shortfall): FoldFit {
  if (isShortfall(fit)) throw new Error(fit.what);
  return fit;
}

async function train(settings = SMALL, seed = 1, dataset: Dataset = newest): Promise<FoldFit> {
  return fitted(await trainTransformer(dataset, testFold(newest), settings, seed));
}

const bytesOf = (fit: FoldFit): Uint8Array => predictorToBytes(fit.predictor);

test("it finds a pattern that needs history", async () => {
  const settings = { ...SMALL, stride: 1, learningRate: 1e-2, epochs: 4, dropout: 0 };
  const { probability, testRows } = fitted(
    await trainTransformer(older, testFold(older), settings, 1),
  );
  const hits = probability.filter((p, i) => p > 0.5 === older.outcome[testRows[i]!]! > 0.5);
  expect(hits.length / testRows.length).toBeGreaterThan(0.8);
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
  const after = await train(SMALL, 1, { ...newest, inputs, outcome });
  expect(bytesOf(after)).toEqual(bytesOf(await train()));
});

test("a run that is killed and resumed ends with the same bytes", async () => {
  let saved: Uint8Array | undefined;
  const checkpoint: CheckpointFile = {
    name: "saved",
    fit: "test",
    read: async () => saved,
    write: async (bytes) => {
      saved = bytes;
    },
  };
  const killed = trainTransformer(newest, testFold(newest), SMALL, 1, {
    checkpoint,
    onEpoch: () => {
      throw new Error("killed");
    },
  });
  await expect(killed).rejects.toThrow("killed");
  const resumed = await trainTransformer(newest, testFold(newest), SMALL, 1, { checkpoint });
  expect(bytesOf(fitted(resumed))).toEqual(bytesOf(await train()));
});

test("training leaves no tensor behind", async () => {
  const { tf } = await loadTensorflow();
  await train();
  const before = tf.memory().numTensors;
  await train();
  expect(tf.memory().numTensors).toBe(before);
});

test("too few rows are a shortfall, and heads that do not divide the width an error", async () => {
  const tiny = testDataset(100, () => 0.5);
  expect(await trainTransformer(tiny, testFold(tiny), SMALL, 1)).toMatchObject({
    step: "train the Transformer",
    needs: 500,
  });
  await expect(train({ ...SMALL, heads: 3 })).rejects.toThrow("which does not divide the width 8");
});

test("it is the last model by name, and on the JavaScript backend a smaller one with the same window", () => {
  expect(MODEL_NAMES.at(-1)).toBe("transformer");
  expect(namedSettings("transformer", { backend: "native" })).toBe(TRANSFORMER_SETTINGS);
  const { width, heads, layers, steps } = defaultTransformerSettings({ backend: "javascript" });
  expect([width, heads, layers]).toEqual([8, 2, 1]);
  expect(steps).toBe(WINDOW_BARS);
});
