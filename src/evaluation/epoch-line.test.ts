import { expect, test } from "vitest";
import { batchText, epochLine } from "./epoch-line.js";

const EPOCH = {
  ...{
    epoch: 3,
    epochs: 12,
    trainLoss: 0.68124,
    earlyStopLoss: 0.68196,
    earlyStopAccuracy: 0.5312,
  },
  ...{ samplesPerSecond: 12_345.4, seconds: 10, secondsLeft: 90, fold: 1, folds: 2 },
};
const BATCH = {
  ...{ epoch: 3, epochs: 12, batch: 4, batches: 9, loss: 0.70001 },
  ...{ samplesPerSecond: 999.6, secondsLeft: 41.2, fold: 1, folds: 1 },
};

test("an epoch's line says fold, losses, accuracy, rate and time left", () => {
  expect(epochLine(EPOCH)).toBe(
    "fold 1 of 2, epoch 3 of at most 12: loss 0.6812, early stop 0.6820 (53.1 % right), 12,345 rows a second, at most 2 min left",
  );
});

test("one fold is not counted, and the last epoch has no time left", () => {
  expect(epochLine({ ...EPOCH, folds: 1, secondsLeft: 0 })).toMatch(
    /^epoch 3 of at most 12: .* rows a second$/,
  );
});

test("within an epoch the mean loss so far is said", () => {
  expect(batchText(BATCH)).toEqual({
    what: "batches of epoch 3 of 12, loss 0.7000, 1,000 rows/s",
    left: "at most 42 s",
  });
});

test.each([
  [0.2, "1 s"],
  [89, "89 s"],
  [90, "2 min"],
  [7140, "119 min"],
  [7141, "2 h 0 min"],
  [40_000, "11 h 7 min"],
])("%d seconds are %s", (secondsLeft, text) => {
  expect(batchText({ ...BATCH, secondsLeft }).left).toBe(`at most ${text}`);
});
