import { expect, test } from "vitest";
import { seededRandom } from "./random.js";
import { RunningCalibration } from "./running-calibration.js";
import { mean, standardDeviation } from "./statistics.js";

test("a hand-computed example: four statements of 80 % of which two came true", () => {
  const running = new RunningCalibration({ window: 10, overlapBars: 1 });
  running.add(0.8, 1);
  running.add(0.2, 0);
  running.add(0.8, 0);
  running.add(0.2, 1);
  // (3.2 − 2) / √(4 · 0.16)
  expect(running.excess()).toBeCloseTo(1.2 / 0.8, 12);
  expect(running.size).toBe(4);
});

test("statements that keep their word have an excess of mean 0 and deviation 1", () => {
  const random = seededRandom(3);
  const excesses = Array.from({ length: 400 }, () => {
    const running = new RunningCalibration({ window: 300, overlapBars: 1 });
    for (let i = 0; i < 300; i++) {
      const probability = 0.2 + 0.6 * random.uniform();
      running.add(probability, Number(random.uniform() < probability));
    }
    return running.excess();
  });
  expect(Math.abs(mean(excesses))).toBeLessThan(4 / Math.sqrt(400));
  expect(standardDeviation(excesses)).toBeCloseTo(1, 0);
});

test("labels that overlap count for less, as they vary more", () => {
  const of = (overlapBars: number): number => {
    const running = new RunningCalibration({ window: 8, overlapBars });
    for (let i = 0; i < 8; i++) running.add(0.9, 0);
    return running.excess();
  };
  expect(of(4)).toBeCloseTo(of(1) / 2, 12);
});

test("only the last statements of the window count", () => {
  const long = new RunningCalibration({ window: 3, overlapBars: 1 });
  const short = new RunningCalibration({ window: 3, overlapBars: 1 });
  for (const outcome of [0, 0, 1, 0]) long.add(0.7, outcome);
  for (const outcome of [0, 1, 0]) short.add(0.7, outcome);
  expect(long.excess()).toBeCloseTo(short.excess(), 12);
  expect(new RunningCalibration({ window: 3, overlapBars: 1 }).excess()).toBeNaN();
});

test("it goes on from a saved state as if there had been no cut", () => {
  const random = seededRandom(5);
  const options = { window: 7, overlapBars: 2 };
  const whole = new RunningCalibration(options);
  let cut = new RunningCalibration(options);
  for (let i = 0; i < 40; i++) {
    const [probability, outcome] = [random.uniform(), random.below(2)];
    whole.add(probability, outcome);
    cut.add(probability, outcome);
    const saved = cut.save();
    cut = new RunningCalibration(options);
    cut.restore(saved);
    expect(cut.excess()).toBe(whole.excess());
  }
});
