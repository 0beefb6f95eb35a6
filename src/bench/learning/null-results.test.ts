import { expect, test } from "vitest";
import type { LearningFindings } from "./market-job.js";
import { nullResults } from "./null-results.js";

function market(...accuracies: readonly number[]): LearningFindings {
  const models = accuracies.map((estimate, place) => ({
    model: place === 0 ? "logistic" : "lstm",
    accuracy: { estimate, standardError: 0.01, lower: 0, upper: 1 },
    seconds: 1,
  }));
  return { seed: 1, symbolDays: 60, rows: 10, attainableAccuracy: 0.5, models };
}

test("a bar is missed by luck in one run of a hundred, however many models and markets are compared", () => {
  const markets = [market(0.51, 0.5), market(0.49, 0.53), market(0.5, 0.5), market(0.52, 0.51)];
  const results = nullResults(markets);
  expect(results.map(({ what }) => what)).toEqual([
    "null market, mean accuracy of logistic of 4 markets away from 50 %",
    "null market, farthest accuracy of logistic of 4 markets away from 50 %",
    "null market, mean accuracy of lstm of 4 markets away from 50 %",
    "null market, farthest accuracy of lstm of 4 markets away from 50 %",
  ]);
  // -NormalDist().inv_cdf(0.01 / 4) and -NormalDist().inv_cdf(0.01 / 16) of Python's statistics.
  const bars = results.map(({ bar }) => bar!);
  expect(bars[0]).toBeCloseTo(2.807033768343811, 9);
  expect(bars[1]).toBeCloseTo(3.2272184259631564, 9);
  // Away by 1, −1, 0 and 2 of its standard errors: ½ on average, whose own error is ½.
  expect(results[0]!.ours).toBeCloseTo(1, 9);
  expect(results[1]!.ours).toBeCloseTo(2, 9);
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true]);
});

test("a model that is right too often in one market, or a little in all, is no longer at chance", () => {
  const one = nullResults([market(0.5, 0.54), market(0.5, 0.47), market(0.5, 0.5)]);
  expect(one.map(({ ok }) => ok)).toEqual([true, true, true, false]);
  const all = nullResults(Array.from({ length: 4 }, () => market(0.5, 0.485)));
  expect(all.map(({ ok }) => ok)).toEqual([true, true, false, true]);
});
