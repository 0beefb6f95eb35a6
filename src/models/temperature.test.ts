import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { logLoss, sigmoid } from "./logistic.js";
import { applyTemperature, fitTemperature } from "./temperature.js";

/** What the fit is to make smallest: log-loss of rows that count 1/overlap each, and half a row's pull to slope 1. */
function objective(
  temperature: number,
  logits: Float64Array,
  outcome: ArrayLike<number>,
  overlapBars: number,
): number {
  const losses = logits.map((logit, i) => logLoss(logit / temperature, outcome[i]!) / overlapBars);
  return losses.reduce((sum, loss) => sum + loss, 0.5 * (1 / temperature - 1) ** 2);
}

test("a model that is three times too sure gets temperature 3", () => {
  const random = seededRandom(6, "temperature test");
  const truth = new Float64Array(20_000).map(() => random.normal());
  const outcome = truth.map((logit) => Number(random.uniform() < sigmoid(logit)));
  const { temperature } = fitTemperature(
    truth.map((logit) => 3 * logit),
    outcome,
    { overlapBars: 1 },
  );
  expect(Math.abs(temperature - 3)).toBeLessThan(0.1);
});

const slices = fc.array(
  fc.tuple(fc.double({ min: -6, max: 6, noNaN: true }), fc.constantFrom(0, 0.5, 1)),
  { minLength: 1, maxLength: 40 },
);

test("no temperature on a fine grid fits better, whatever the slice", () => {
  fc.assert(
    fc.property(slices, fc.constantFrom(1, 15), (rows, overlapBars) => {
      const logits = Float64Array.from(rows, ([logit]) => logit);
      const outcome = rows.map(([, y]) => y);
      const { temperature } = fitTemperature(logits, outcome, { overlapBars });
      const found = objective(temperature, logits, outcome, overlapBars);
      for (let k = -460; k <= 460; k++) {
        const grid = objective(Math.exp(k / 100), logits, outcome, overlapBars);
        expect(found).toBeLessThanOrEqual(grid + 1e-12 * (1 + Math.abs(grid)));
      }
    }),
    { seed: 1, numRuns: 20 },
  );
});

test("it keeps the order even when the slice says the opposite, and ½ stays ½", () => {
  const logits = Float64Array.from({ length: 1000 }, (_, i) => (i - 500) / 100);
  const opposite = logits.map((logit) => Number(logit < 0));
  const calibrator = fitTemperature(logits, opposite, { overlapBars: 1 });
  expect(calibrator.temperature).toBeCloseTo(100, 9);
  const [low, middle, high] = applyTemperature(calibrator, Float64Array.of(-1, 0, 1));
  expect(low).toBeLessThan(0.5);
  expect(middle).toBe(0.5);
  expect(high).toBeGreaterThan(0.5);
});

test("no rows leave the model as it is, and log-odds that are far out do not upset the fit", () => {
  const none = fitTemperature(new Float64Array(0), [], { overlapBars: 15 });
  expect(none.temperature).toBeCloseTo(1, 12);
  const far = fitTemperature(Float64Array.of(900, -900, 900, -900), [1, 0, 1, 1], {
    overlapBars: 1,
  });
  expect(far.temperature).toBeCloseTo(100, 9);
});
