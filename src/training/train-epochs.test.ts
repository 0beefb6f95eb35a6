import { describe, expect, test } from "vitest";
import type { Dataset } from "../dataset/matrix.js";
import type { Logistic } from "../models/logistic.js";
import type { BatchProgress } from "./epoch-pace.js";
import { type EpochSettings, MLP_SETTINGS } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { plainLearner } from "./test-learner.js";
import { type Learner, type Trained, type TrainingHooks, trainEpochs } from "./train-epochs.js";

const SETTINGS: EpochSettings = {
  ...MLP_SETTINGS,
  dropout: 0,
  weightDecay: 0,
  learningRate: 0.02,
  batchSize: 100,
  epochs: 3,
};

const market = testDataset(500, () => 0.5);

async function train(
  {
    dataset = market,
    learner = plainLearner(dataset),
    ...settings
  }: Partial<EpochSettings> & { readonly dataset?: Dataset; readonly learner?: Learner } = {},
  hooks: TrainingHooks = {},
): Promise<Trained> {
  const rows = testFold(dataset);
  return await trainEpochs(dataset, rows, learner, { ...SETTINGS, ...settings }, 1, hooks);
}

/** A learner whose result on its n-th step (from 1) is altered. */
function alteredAt(step: number, to: { readonly loss?: number; readonly slope?: number }): Learner {
  const learner = plainLearner(market);
  let steps = 0;
  return {
    ...learner,
    lossGradient: (...received) => {
      const { loss, gradient } = learner.lossGradient(...received);
      if (++steps !== step) return { loss, gradient };
      if (to.slope !== undefined) gradient[1] = to.slope;
      return { loss: to.loss ?? loss, gradient };
    },
  };
}

describe("class weights", () => {
  /** Nine of ten rows go up, whatever the inputs say. */
  const tilted = testDataset(2000, () => 0.9);
  const many = { dataset: tilted, learningRate: 0.1, epochs: 30, patience: 30 };

  test("without them the intercept becomes the log-odds of the training rows, with them 0", async () => {
    const ups = testFold(tilted).train.filter((row) => tilted.outcome[row] === 1).length;
    const share = ups / testFold(tilted).train.length;
    const intercepts: number[] = [];
    for (const classWeights of ["none", "balanced"] as const) {
      const { model } = await train({ ...many, classWeights });
      intercepts.push((model as Logistic).intercept);
    }
    expect(intercepts[0]).toBeCloseTo(Math.log(share / (1 - share)), 0);
    expect(Math.abs(intercepts[1]!)).toBeLessThan(0.15);
  });

  test("they are means: where nothing is known both losses are ln 2", async () => {
    const { history } = await train({ dataset: tilted, classWeights: "balanced", epochs: 1 });
    expect(history[0]!.trainLoss).toBeCloseTo(Math.LN2, 6);
    expect(history[0]!.earlyStopLoss).toBeCloseTo(Math.LN2, 12);
  });
});

test("the early-stop accuracy counts a tie of outcome or of log-odds half", async () => {
  const outcome = market.outcome.map((up, row) => (row % 7 === 0 ? 0.5 : up));
  const dataset = { ...market, outcome };
  const { history } = await train({ dataset, epochs: 0 });
  expect(history).toHaveLength(1);
  expect(history[0]!.earlyStopAccuracy).toBe(0.5);
  const sure = { ...plainLearner(dataset), start: async () => Float32Array.of(0, 0, 0, 1) };
  const rows = testFold(dataset).earlyStop;
  const ups = rows.reduce((sum, row) => sum + outcome[row]!, 0);
  const all = await train({ dataset, learner: sure, epochs: 0 });
  expect(all.history[0]!.earlyStopAccuracy).toBeCloseTo(ups / rows.length, 12);
});

test("what is kept is the average of the steps' parameters, whose start fades first", async () => {
  const learnable = testDataset(500, (first) => (first.at(-1)! > 0 ? 0.8 : 0.2));
  const vectorOf = ({ model }: Trained): number[] => {
    const { weights, intercept } = model as Logistic;
    return [...weights, intercept];
  };
  const learner = plainLearner(learnable);
  const seen: number[][] = [];
  const watched: Learner = {
    ...learner,
    lossGradient: (parameters, ...rest) => {
      seen.push([...parameters]);
      return learner.lossGradient(parameters, ...rest);
    },
  };
  const last = await train({ dataset: learnable, learner: watched, epochs: 1, averageEpochs: 0 });
  const averaged = await train({ dataset: learnable, epochs: 1, averageEpochs: 1 });
  // Six steps an epoch: the parameters after each are those before the next.
  const [start, ...after] = [...seen, vectorOf(last)];
  let average = start!;
  after.forEach((now, i) => {
    const share = Math.max(9 / (10 + i), 1 / 6);
    average = average.map((value, k) => (1 - share) * value + share * now[k]!);
  });
  expect(after).toHaveLength(6);
  vectorOf(averaged).forEach((value, k) => {
    expect(value).toBeCloseTo(average[k]!, 6);
  });
  expect(vectorOf(averaged)).not.toEqual(vectorOf(last));
});

describe("progress", () => {
  test("is told after each step, and ends an epoch at its mean loss", async () => {
    const told: BatchProgress[] = [];
    const { history } = await train({}, { onBatch: (progress) => told.push(progress) });
    // 550 training rows in batches of 100.
    expect(told.map(({ epoch, batch }) => [epoch, batch])).toEqual(
      [1, 2, 3].flatMap((epoch) => [1, 2, 3, 4, 5, 6].map((batch) => [epoch, batch])),
    );
    for (const { epoch, trainLoss } of history.slice(1)) {
      expect(told[6 * epoch - 1]).toMatchObject({ batches: 6, epochs: 3, loss: trainLoss });
    }
    expect(
      told.every(({ samplesPerSecond, secondsLeft: left }) => samplesPerSecond > 0 && left >= 0),
    );
  });

  test("of an epoch has its rate without anybody listening to its batches, and none left at the end", async () => {
    const ended: unknown[] = [];
    await train(
      { patience: 1, learningRate: 5 },
      {
        onEpoch: ({ epoch, samplesPerSecond, secondsLeft }) =>
          ended.push([epoch, samplesPerSecond > 0, secondsLeft]),
      },
    );
    expect(ended).toEqual([[1, true, 0]]);
  });
});

describe("what is no number stops training with its batch", () => {
  const outcomeOf = async (given: Parameters<typeof train>[0]): Promise<string> =>
    await train(given).then(
      () => "went on",
      (error: Error) => error.message,
    );

  test("a loss, and a gradient under a finite loss", async () => {
    expect(await outcomeOf({ learner: alteredAt(9, { loss: Number.NaN }) })).toMatch(
      /^the loss was NaN in epoch 2, batch 3 of 6: no row of it alone .*; lower the learning rate/,
    );
    for (const slope of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(await outcomeOf({ learner: alteredAt(13, { slope }) })).toMatch(
        /^the gradient was (NaN|Infinity) long in epoch 3, batch 1 of 6: /,
      );
    }
  });

  test("the loss on a slice, which no batch is to blame for", async () => {
    const dataset = { ...market, outcome: market.outcome.slice() };
    dataset.outcome[testFold(market).earlyStop[3]!] = Number.NaN;
    expect(await outcomeOf({ dataset })).toMatch(
      /^the loss on the early-stop slice before the first step was NaN: BTCUSDT .* has NaN as its outcome/,
    );
  });

  test("what was kept of the epochs before it stays as it was", async () => {
    const written: Uint8Array[] = [];
    const checkpoint = {
      ...{ name: "saved", fit: "test" },
      read: async () => written.at(-1),
      write: async (bytes: Uint8Array) => void written.push(bytes),
    };
    const broken = alteredAt(9, { loss: Number.NaN });
    await expect(train({ learner: broken }, { checkpoint })).rejects.toThrow("epoch 2, batch 3");
    expect(written).toHaveLength(1);
    const resumed = await train({}, { checkpoint });
    expect(resumed.history).toEqual((await train()).history);
  });
});
