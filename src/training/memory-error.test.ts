import { expect, test } from "vitest";
import { loadTensorflow } from "../models/tensorflow.js";
import { MLP_SETTINGS } from "./settings.js";
import { testDataset, testFold } from "./test-dataset.js";
import { plainLearner } from "./test-learner.js";
import { trainEpochs } from "./train-epochs.js";

const market = testDataset(500, () => 0.5);
const SETTINGS = { ...MLP_SETTINGS, dropout: 0, weightDecay: 0, batchSize: 100, epochs: 1 };

/** Trains with a step that does something else first. */
async function train(first: () => void): Promise<unknown> {
  const learner = plainLearner(market);
  const failing: typeof learner = {
    ...learner,
    lossGradient: (...received) => {
      first();
      return learner.lossGradient(...received);
    },
  };
  return await trainEpochs(market, testFold(market), failing, SETTINGS, 1).catch(
    (error: unknown) => error,
  );
}

// No processor has addresses for the first, no engine room for the second: nothing is allocated before it fails.
const TOO_LARGE = 2 ** 20;

test("a step whose tensors find no memory is told in terms of the settings", async () => {
  const { tf } = await loadTensorflow();
  const found = await train(() => {
    tf.tidy(() => tf.broadcastTo(tf.scalar(1), [TOO_LARGE, TOO_LARGE, 1024]));
  });
  expect(found).toMatchObject({
    name: "OptionError",
    message: expect.stringMatching(
      /^there was no memory for batches of 100 windows \(steps 1, inputs \d+\); lower batchSize first/,
    ),
    cause: expect.objectContaining({ message: expect.stringMatching(/OOM|array length/) }),
  });
});

test("so is one whose arrays find none", async () => {
  const found = await train(() => void new Float32Array(TOO_LARGE ** 2 * 1024));
  expect(found).toMatchObject({ name: "OptionError", cause: expect.any(RangeError) });
});

test("an error of another kind stays what it is", async () => {
  const own = new TypeError("something else");
  expect(await train(() => fail(own))).toBe(own);
});

test("a length that no array has is a mistake, for which no memory helps", async () => {
  const found = await train(() => void new Float32Array(-1));
  expect(found).toMatchObject({ name: "RangeError", message: "Invalid typed array length: -1" });
});

function fail(error: Error): never {
  throw error;
}
