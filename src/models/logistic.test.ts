import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { fitLogistic, logisticLogits, logLoss, sigmoid } from "./logistic.js";

/** Outcomes drawn from a known line through standard normal inputs. */
function sample(n: number, weights: readonly number[], intercept: number, seed = 1) {
  const random = seededRandom(seed, "logistic test");
  const inputs = new Float64Array(n * weights.length).map(() => random.normal());
  const outcome = new Float64Array(n).map((_, i) => {
    const logit = weights.reduce((z, w, j) => z + w * inputs[i * weights.length + j]!, intercept);
    return random.uniform() < sigmoid(logit) ? 1 : 0;
  });
  return { inputs, outcome };
}

/** Independent oracle: plain gradient descent on the same objective until nothing moves. */
function byGradientDescent(
  { inputs, outcome }: { inputs: Float64Array; outcome: Float64Array },
  width: number,
  priorDeviation: number,
  overlapBars: number,
): number[] {
  const theta = new Array<number>(width + 1).fill(0);
  for (let iteration = 0; iteration < 4000; iteration++) {
    const gradient = theta.map((w, j) => (j < width ? w / priorDeviation ** 2 : 0));
    for (let i = 0; i < outcome.length; i++) {
      const x = [...inputs.subarray(i * width, (i + 1) * width), 1];
      const error = 1 / (1 + Math.exp(-x.reduce((z, v, j) => z + v * theta[j]!, 0))) - outcome[i]!;
      for (let j = 0; j <= width; j++) gradient[j]! += (error * x[j]!) / overlapBars;
    }
    for (let j = 0; j <= width; j++) theta[j]! -= (2 * overlapBars * gradient[j]!) / outcome.length;
  }
  return theta;
}

test("the fit is the one that gradient descent finds", () => {
  const data = sample(300, [0.8, -0.5, 0], 0.3);
  data.outcome[0] = 0.5;
  const fitted = fitLogistic(data.inputs, data.outcome, { priorDeviation: 0.5, overlapBars: 3 });
  const oracle = byGradientDescent(data, 3, 0.5, 3);
  for (let j = 0; j < 3; j++) expect(fitted.weights[j]).toBeCloseTo(oracle[j]!, 8);
  expect(fitted.intercept).toBeCloseTo(oracle[3]!, 8);
});

test("40,000 × 40 fits within two seconds of the processor and recovers the weights that made the data", () => {
  const truth = Array.from({ length: 40 }, (_, j) => (j % 5 === 0 ? 0.1 : 0));
  const { inputs, outcome } = sample(40_000, truth, 0);
  const start = process.cpuUsage();
  const fitted = fitLogistic(inputs, outcome, { priorDeviation: 10, overlapBars: 1 });
  expect(process.cpuUsage(start).user).toBeLessThan(2e6);
  // A weight's standard error is 2/√n = 0.01 where probabilities are near one half.
  for (let j = 0; j < 40; j++) expect(Math.abs(fitted.weights[j]! - truth[j]!)).toBeLessThan(0.045);
});

test("a tight prior pulls weights to 0 and leaves the base rate to the intercept", () => {
  const { inputs, outcome } = sample(2000, [1, 1], 1);
  const fitted = fitLogistic(inputs, outcome, { priorDeviation: 1e-4, overlapBars: 1 });
  const rate = outcome.reduce((sum, y) => sum + y, 0) / outcome.length;
  expect(Math.max(...fitted.weights.map(Math.abs))).toBeLessThan(1e-4);
  expect(sigmoid(fitted.intercept)).toBeCloseTo(rate, 4);
});

test("separable and repeated inputs still have one finite fit", () => {
  const inputs = Float64Array.from([-2, -2, -1, -1, 1, 1, 2, 2]);
  const fitted = fitLogistic(inputs, [0, 0, 1, 1], { priorDeviation: 3, overlapBars: 1 });
  expect(fitted.weights[0]).toBeCloseTo(fitted.weights[1]!, 9);
  expect(fitted.weights[0]).toBeGreaterThan(0.5);
  expect(logisticLogits(fitted, inputs)[3]).toBeGreaterThan(0);
});

test("outcomes that are all the same are refused", () => {
  const fit = () =>
    fitLogistic(Float64Array.of(1, 2), [1, 1], { priorDeviation: 1, overlapBars: 1 });
  expect(fit).toThrow("were the same");
});

test("log-loss is −ln of the outcome's probability and does not overflow", () => {
  expect(logLoss(0.7, 1)).toBeCloseTo(-Math.log(sigmoid(0.7)), 12);
  expect(logLoss(0.7, 0)).toBeCloseTo(-Math.log(1 - sigmoid(0.7)), 12);
  expect(logLoss(-1000, 1)).toBe(1000);
});
