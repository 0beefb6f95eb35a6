import { expect, test } from "vitest";
import { EpochPace } from "./epoch-pace.js";

const EPOCH = { epoch: 1, trainLoss: 0.69, earlyStopLoss: 0.68, earlyStopAccuracy: 0.55 };
const batch = (number: number, rows: number) => ({
  ...{ number, count: 3, rows: new Uint32Array(rows) },
});

test("rate, mean loss and time left are those worked by hand", () => {
  let nowMs = 1000;
  const pace = new EpochPace(4, () => nowMs);
  pace.begin(1, 250);
  nowMs += 500;
  // 100 rows in half a second: 150 more take 0.75 s, and three more epochs of 250 take 3.75 s.
  expect(pace.step(batch(1, 100), 60)).toEqual({
    ...{ epoch: 1, epochs: 4, batch: 1, batches: 3, loss: 0.6 },
    ...{ samplesPerSecond: 200, secondsLeft: 0.75 + 3.75 },
  });
  nowMs += 750;
  pace.step(batch(2, 100), 130);
  pace.step(batch(3, 50), 170);
  nowMs += 750;
  // The rate leaves the early stop out, the seconds hold it.
  expect(pace.end(EPOCH, { isOver: false })).toEqual({
    ...EPOCH,
    ...{ epochs: 4, samplesPerSecond: 200, seconds: 2, secondsLeft: 6 },
  });
});

test("once an epoch has ended, its seconds say what the others take", () => {
  let nowMs = 0;
  const pace = new EpochPace(3, () => nowMs);
  pace.begin(1, 10);
  nowMs = 1000;
  pace.step(batch(1, 10), 7);
  nowMs = 4000;
  pace.end(EPOCH, { isOver: false });
  pace.begin(2, 10);
  nowMs = 5000;
  expect(pace.step(batch(1, 5), 3)).toMatchObject({ samplesPerSecond: 5, secondsLeft: 1 + 4 });
  expect(pace.end(EPOCH, { isOver: true }).secondsLeft).toBe(0);
});
