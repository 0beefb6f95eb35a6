import { describe, expect, test } from "vitest";
import { isShortfall, type Shortfall } from "../core/shortfall.js";
import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import { logLoss } from "../models/logistic.js";
import { buildLstm, lstmLossAndGradient } from "../models/lstm.js";
import { predictLogits, predictorToBytes } from "../models/predictor.js";
import { loadTensorflow } from "../models/tensorflow.js";
import { adamStart, adamStep } from "./adam.js";
import type { FoldFit } from "./fold-fit.js";
import { LOGISTIC_SETTINGS, LSTM_SETTINGS, type LstmSettings } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { trainLogistic } from "./train-logistic.js";
import { trainLstm } from "./train-lstm.js";

const SMALL: LstmSettings = {
  ...LSTM_SETTINGS,
  steps: 8,
  units: 8,
  batchSize: 128,
  stride: 1,
  epochs: 3,
  dropout: 0.2,
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

function accuracy({ probability, testRows }: FoldFit, { outcome }: Dataset): number {
  const hits = probability.filter((p, i) => p > 0.5 === outcome[testRows[i]!]! > 0.5);
  return hits.length / probability.length;
}

const bytesOf = (fit: FoldFit): Uint8Array => predictorToBytes(fit.predictor);

const TRAINERS = {
  logistic: (dataset: Dataset) => trainLogistic(dataset, testFold(dataset), LOGISTIC_SETTINGS),
  lstm: (dataset: Dataset) => trainLstm(dataset, testFold(dataset), SMALL, 1),
};

describe.each(Object.entries(TRAINERS))("%s", (_, train) => {
  test("altering test rows, inputs and outcomes, changes no fitted byte", async () => {
    const inputs = newest.inputs.slice();
    const outcome = newest.outcome.slice();
    for (const row of testFold(newest).test) {
      inputs.fill(1e3 * (row % 7), 3 * row, 3 * row + 3);
      outcome[row] = 1 - outcome[row]!;
    }
    const before = fitted(await train(newest));
    const after = fitted(await train({ ...newest, inputs, outcome }));
    expect(bytesOf(after)).toEqual(bytesOf(before));
    expect(after.history).toEqual(before.history);
    expect(after.probability).not.toEqual(before.probability);
  });

  test("the calibration slice moves the calibrator and nothing else", async () => {
    const inputs = newest.inputs.slice();
    const outcome = newest.outcome.slice();
    for (const row of testFold(newest).calibrate) {
      inputs.fill(2, 3 * row + 1, 3 * row + 3);
      outcome[row] = 1 - outcome[row]!;
    }
    const before = fitted(await train(newest));
    const after = fitted(await train({ ...newest, inputs, outcome }));
    expect(after.predictor.calibrator).not.toEqual(before.predictor.calibrator);
    const { calibrator } = before.predictor;
    expect(predictorToBytes({ ...after.predictor, calibrator })).toEqual(bytesOf(before));
    expect(after.history).toEqual(before.history);
  });

  test("the same seed gives the same bytes and predictions twice", async () => {
    const [one, two] = [fitted(await train(newest)), fitted(await train(newest))];
    expect(bytesOf(two)).toEqual(bytesOf(one));
    expect(two.probability).toEqual(one.probability);
  });

  test("it finds what the newest bar says, and means its probabilities", async () => {
    const fit = fitted(await train(newest));
    expect(accuracy(fit, newest)).toBeGreaterThan(0.85);
    const sure = fit.probability.filter((p) => p > 0.7);
    const ups = fit.testRows.filter((row, i) => fit.probability[i]! > 0.7 && newest.outcome[row]);
    expect(Math.abs(mean(sure) - ups.length / sure.length)).toBeLessThan(0.06);
    expect(fit.testRows.length).toBe(fit.counts.test);
  });

  test("too few rows are a shortfall, not an error", async () => {
    const tiny = testDataset(100, () => 0.5);
    expect(await train(tiny)).toMatchObject({ kind: "shortfall", needs: 500 });
  });
});

test("the LSTM finds a pattern that needs history, where the logistic baseline cannot", async () => {
  const fold = testFold(older);
  const settings: LstmSettings = {
    ...SMALL,
    units: 16,
    learningRate: 0.02,
    epochs: 14,
    dropout: 0,
  };
  const lstm = fitted(await trainLstm(older, fold, settings, 1));
  const line = fitted(await trainLogistic(older, fold, LOGISTIC_SETTINGS));
  expect(accuracy(lstm, older)).toBeGreaterThan(0.8);
  expect(accuracy(line, older)).toBeLessThan(0.6);
});

test("an LSTM's settings of before there were layer norms give the same bytes as those without", async () => {
  const { layerNorm: _, ...older } = SMALL;
  const fold = testFold(newest);
  const [before, now] = [older as LstmSettings, SMALL].map((one) =>
    trainLstm(newest, fold, one, 1),
  );
  expect(bytesOf(fitted(await before!))).toEqual(bytesOf(fitted(await now!)));
});

test("the LSTM keeps the weights of its best epoch, by the loss on the early-stop slice", async () => {
  // The early-stop slice says the opposite of the training slice: each epoch makes it worse there.
  const fold = testFold(newest);
  const outcome = newest.outcome.slice();
  for (const row of fold.earlyStop) outcome[row] = 1 - outcome[row]!;
  const fit = await trainLstm(
    { ...newest, outcome },
    fold,
    { ...SMALL, learningRate: 0.01, startPriorDeviation: 0 },
    1,
  );
  const { predictor, history } = fitted(fit);
  const logits = await predictLogits(predictor, newest.inputs, fold.earlyStop);
  const losses = [...logits].map((z, i) => logLoss(z, outcome[fold.earlyStop[i]!]!));
  const best = Math.min(...history.map(({ earlyStopLoss }) => earlyStopLoss));
  expect(mean(losses)).toBeCloseTo(best, 6);
  expect(history.at(-1)!.earlyStopLoss).toBeGreaterThan(best + 0.01);
});

test("one batch can be learned by heart", async () => {
  const { tf } = await loadTensorflow();
  const model = buildLstm({ inputSize: 3, steps: 8, units: 16, layers: 1, layerNorm: false }, 1);
  const windows = { values: newest.inputs.slice(0, 3 * 8 * 32), count: 32 };
  const outcome = newest.outcome.slice(0, 32);
  const adam = adamStart(model.parameters.length);
  const free = new Float32Array(model.parameters.length);
  let loss = 1;
  for (let step = 0; step < 400 && loss >= 0.01; step++) {
    const result = lstmLossAndGradient(tf, model, windows, outcome);
    adamStep(adam, model.parameters, result.gradient, 0.02, free);
    loss = result.loss;
  }
  expect(loss).toBeLessThan(0.01);
});

test("a run that is killed after any epoch and resumed ends with the same bytes", async () => {
  const fold = testFold(newest);
  const whole = fitted(await trainLstm(newest, fold, SMALL, 1));
  for (const killedAfter of [1, 2]) {
    let saved: Uint8Array | undefined;
    const killed = trainLstm(newest, fold, SMALL, 1, {
      checkpoint: {
        ...{ name: "saved", fit: "test" },
        read: async () => saved,
        write: async (bytes) => {
          saved = bytes;
        },
      },
      onEpoch: ({ epoch }) => {
        if (epoch === killedAfter) throw new Error("killed");
      },
    });
    await expect(killed).rejects.toThrow("killed");
    const epochs: number[] = [];
    const resumed = fitted(
      await trainLstm(newest, fold, SMALL, 1, {
        checkpoint: { name: "saved", fit: "test", read: async () => saved, write: async () => {} },
        onEpoch: ({ epoch }) => epochs.push(epoch),
      }),
    );
    expect(epochs[0]).toBe(killedAfter + 1);
    expect(bytesOf(resumed)).toEqual(bytesOf(whole));
    expect(resumed.history).toEqual(whole.history);
  }
});

test("another seed gives another model", async () => {
  const fold = testFold(newest);
  const seeds = [1, 2].map(async (seed) =>
    bytesOf(fitted(await trainLstm(newest, fold, SMALL, seed))),
  );
  const [one, two] = await Promise.all(seeds);
  expect(one).not.toEqual(two);
});

test("training leaves no tensor behind", async () => {
  const { tf } = await loadTensorflow();
  await TRAINERS.lstm(newest);
  const before = tf.memory().numTensors;
  await TRAINERS.lstm(newest);
  expect(tf.memory().numTensors).toBe(before);
});

test("rows without a whole window before them are left out and counted", async () => {
  const runStart = newest.runStart.map((start, row) => (row < 1200 && row >= 300 ? 300 : start));
  const gap = { ...newest, runStart };
  const fit = fitted(await TRAINERS.lstm(gap));
  // Three runs (two in the first symbol), each without its first steps − 1 rows.
  expect(fit.counts.withoutWindow).toBe(3 * 7);
  expect(fit.counts.train).toBe(2 * 660 - 3 * 7);
});

test("a loss that is no number stops training and names epoch, batch and place", async () => {
  const broken = { ...SMALL, learningRate: 1e38, startPriorDeviation: 0, dropout: 0 };
  const run = trainLstm(newest, testFold(newest), broken, 1);
  await expect(run).rejects.toThrow(
    /the loss was \S+ in epoch 1, batch 2 of 11: .* \w+USDT \S+ \S+\); lower the learning rate/,
  );
});
