import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { logLoss, sigmoid } from "./logistic.js";
import { applyPlatt, fitPlatt } from "./platt.js";

/** Log-odds that are `factor` times too sure of themselves and `offset` too high. */
function sample(n: number, factor: number, offset: number) {
  const random = seededRandom(5, "calibrator test");
  const truth = new Float64Array(n).map(() => random.normal());
  const outcome = truth.map((logit) => (random.uniform() < sigmoid(logit) ? 1 : 0));
  return { logits: truth.map((logit) => factor * logit + offset), outcome };
}

const loss = (probability: Float64Array, outcome: Float64Array) =>
  outcome.reduce((sum, y, i) => sum - Math.log(y === 1 ? probability[i]! : 1 - probability[i]!), 0);

test("a model that is three times too sure gets slope ⅓ and its shift taken back", () => {
  const { logits, outcome } = sample(20_000, 3, 1.5);
  const { slope, shift } = fitPlatt(logits, outcome, { overlapBars: 1 });
  expect(slope).toBeCloseTo(1 / 3, 1);
  expect(shift).toBeCloseTo(-0.5, 1);
});

test("on its own slice the mean prediction is the base rate, and the loss is no larger than before", () => {
  const { logits, outcome } = sample(5000, 2, -0.7);
  const probability = applyPlatt(fitPlatt(logits, outcome, { overlapBars: 1 }), logits);
  const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
  expect(mean(probability)).toBeCloseTo(mean(outcome), 2);
  const before = logits.reduce((sum, logit, i) => sum + logLoss(logit, outcome[i]!), 0);
  expect(loss(probability, outcome)).toBeLessThan(before);
});

test("it never turns a model's order around, even when the slice says the opposite", () => {
  const { logits, outcome } = sample(5000, 1, 0);
  const opposite = outcome.map((y) => 1 - y);
  const calibrator = fitPlatt(logits, opposite, { overlapBars: 1 });
  expect(calibrator.slope).toBe(0.01);
  const [low, high] = applyPlatt(calibrator, Float64Array.of(-1, 1));
  expect(high).toBeGreaterThan(low!);
  // The shift is the best one for that slope: predictions and outcomes have equal means.
  const probability = applyPlatt(calibrator, logits);
  const gap = probability.reduce((sum, p, i) => sum + p - opposite[i]!, 0) / 5000;
  expect(Math.abs(gap)).toBeLessThan(1e-3);
});

test("no rows leave the model as it is, one row hardly moves it, and one class stays finite", () => {
  const none = fitPlatt(new Float64Array(0), [], { overlapBars: 15 });
  expect(none).toEqual({ kind: "platt", slope: 1, shift: 0 });
  const one = fitPlatt(Float64Array.of(1), [1], { overlapBars: 15 });
  expect(Math.abs(one.slope - 1) + Math.abs(one.shift)).toBeLessThan(0.1);
  const ups = fitPlatt(new Float64Array(900).fill(0.3), new Uint8Array(900).fill(1), {
    overlapBars: 15,
  });
  expect(Number.isFinite(ups.slope) && Number.isFinite(ups.shift)).toBe(true);
});
