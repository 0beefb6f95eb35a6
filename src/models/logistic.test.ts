import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import type { Design } from "./design.js";
import {
  fitLogistic,
  fitRows,
  type Logistic,
  type LogisticData,
  logisticLogits,
  logLoss,
  sigmoid,
} from "./logistic.js";
import { nativeDesign } from "./native-design.js";
import { plainDesign } from "./plain-design.js";
import { loadTensorflow } from "./tensorflow.js";

/** Outcomes drawn from a known line through standard normal inputs. */
function sample(
  n: number,
  weights: readonly number[],
  intercept: number,
  { seed = 1, overlapBars = 1 } = {},
): LogisticData {
  const random = seededRandom(seed, "logistic test");
  const inputs = new Float64Array(n * weights.length).map(() => random.normal());
  const outcome = new Float64Array(n).map((_, i) => {
    const logit = weights.reduce((z, w, j) => z + w * inputs[i * weights.length + j]!, intercept);
    return random.uniform() < sigmoid(logit) ? 1 : 0;
  });
  return { inputs, outcome, names: weights.map((_, j) => `x${j}`), overlapBars };
}

/** Independent oracle: plain gradient descent on the same objective until nothing moves. */
function byGradientDescent(
  { inputs, outcome, names: { length: width }, overlapBars }: LogisticData,
  priorDeviation: number,
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

/** Σ log-loss / overlap + ‖w‖² / (2 · deviation²), as the formula is written. */
function objective(
  { inputs, outcome, overlapBars }: LogisticData,
  fitted: Logistic,
  deviation: number,
): number {
  const logits = logisticLogits(fitted, inputs);
  const squares = fitted.weights.reduce((sum, w) => sum + w * w, 0);
  const loss = logits.reduce((sum, z, i) => sum + logLoss(z, outcome[i]!), 0) / overlapBars;
  return loss + squares / (2 * deviation ** 2);
}

test("the fit is the one that gradient descent finds", async () => {
  const { outcome, ...data } = sample(300, [0.8, -0.5, 0], 0.3, { overlapBars: 3 });
  const tied = { ...data, outcome: Float64Array.from(outcome, (y, i) => (i === 0 ? 0.5 : y)) };
  const fitted = await fitLogistic(tied, 0.5);
  const oracle = byGradientDescent(tied, 0.5);
  for (let j = 0; j < 3; j++) expect(fitted.weights[j]).toBeCloseTo(oracle[j]!, 5);
  expect(fitted.intercept).toBeCloseTo(oracle[3]!, 5);
});

test("40,000 × 40 fits within two seconds of the processor and recovers the weights that made the data", async () => {
  const truth = Array.from({ length: 40 }, (_, j) => (j % 5 === 0 ? 0.1 : 0));
  const data = sample(40_000, truth, 0);
  await loadTensorflow();
  const start = process.cpuUsage();
  const fitted = await fitLogistic(data, 10);
  expect(process.cpuUsage(start).user).toBeLessThan(2e6);
  // A weight's standard error is 2/√n = 0.01 where probabilities are near one half.
  for (let j = 0; j < 40; j++) expect(Math.abs(fitted.weights[j]! - truth[j]!)).toBeLessThan(0.045);
});

test("a tight prior pulls weights to 0 and leaves the base rate to the intercept", async () => {
  const data = sample(2000, [1, 1], 1);
  const fitted = await fitLogistic(data, 1e-4);
  const rate = Float64Array.from(data.outcome).reduce((sum, y) => sum + y, 0) / 2000;
  expect(Math.max(...fitted.weights.map(Math.abs))).toBeLessThan(1e-4);
  expect(sigmoid(fitted.intercept)).toBeCloseTo(rate, 4);
});

test("outcomes that are all the same are refused by name", async () => {
  const data = { inputs: Float64Array.of(1, 2), names: ["x"], overlapBars: 1 };
  await expect(fitLogistic({ ...data, outcome: [1, 1] }, 1)).rejects.toThrow(
    'all 2 training outcomes were "up"',
  );
  await expect(fitLogistic({ ...data, outcome: [0, 0] }, 1)).rejects.toThrow('were "down"');
  await expect(fitLogistic({ ...data, outcome: [0.5, 0.5] }, 1)).rejects.toThrow("were ties");
});

/** The fit with products of one's choice. */
function fitOn(designed: Designed, data: LogisticData, deviation: number): Logistic {
  const design = designed(data);
  const weight = new Float64Array(data.outcome.length).fill(1 / data.overlapBars);
  try {
    return fitRows({ ...data, design, weight }, deviation);
  } finally {
    design.dispose();
  }
}

type Designed = (data: LogisticData) => Design;

const plain: Designed = ({ inputs, names }) => plainDesign(inputs, names.length);

/** Products by the native library; skips a test where there is none. */
async function native(skip: () => void): Promise<Designed> {
  const { tf, backend } = await loadTensorflow();
  if (backend !== "native") skip();
  return ({ inputs, names }) => nativeDesign(tf, inputs, names.length);
}

describe.each([
  ["plain", async () => plain],
  ["native", native],
])("%s", (_, way) => {
  test("no step away from the fit lowers the objective", async ({ skip }) => {
    const designed = await way(skip);
    fc.assert(
      fc.property(problems, ({ data, deviation }) => {
        const fitted = fitOn(designed, data, deviation);
        const least = objective(data, fitted, deviation);
        for (let j = 0; j <= data.names.length; j++) {
          for (const step of [-1e-3, 1e-3]) {
            const weights = fitted.weights.map((w, k) => w + (k === j ? step : 0));
            const intercept = fitted.intercept + (j === data.names.length ? step : 0);
            const moved = { ...fitted, weights, intercept };
            expect(objective(data, moved, deviation)).toBeGreaterThan(least);
          }
        }
      }),
      { seed: 7, numRuns: 30 },
    );
  });

  test("separable and repeated inputs still have one finite fit", async ({ skip }) => {
    const designed = await way(skip);
    const inputs = Float64Array.from([-2, -2, -1, -1, 1, 1, 2, 2]);
    const data = { inputs, outcome: [0, 0, 1, 1], names: ["a", "b"], overlapBars: 1 };
    for (const deviation of [3, 1e3]) {
      const fitted = fitOn(designed, data, deviation);
      expect(fitted.weights[0]).toBeCloseTo(fitted.weights[1]!, 8);
      expect(fitted.weights[0]).toBeGreaterThan(0.5);
      expect(logisticLogits(fitted, inputs)[3]).toBeGreaterThan(0);
    }
  });

  test("constant and summed columns: what they say together is what one says alone", async ({
    skip,
  }) => {
    const designed = await way(skip);
    const { inputs, ...data } = sample(3000, [0.7, -0.4], 0.2);
    // A column of zeros, and a third that is the sum of the first two: the same line with a prior of its own.
    const wide = new Float64Array(4 * 3000).map((_, at) => {
      const [i, j] = [at >> 2, at & 3];
      const [x, y] = [inputs[2 * i]!, inputs[2 * i + 1]!];
      return [x, 0, y, x + y][j]!;
    });
    const names = ["x", "zero", "y", "sum"];
    const fitted = fitOn(designed, { ...data, inputs: wide, names }, 1e4);
    const narrow = fitOn(designed, { ...data, inputs }, 1e4);
    expect(fitted.weights[1]).toBe(0);
    const [x, , y, sum] = fitted.weights;
    expect(x! + sum!).toBeCloseTo(narrow.weights[0]!, 5);
    expect(y! + sum!).toBeCloseTo(narrow.weights[1]!, 5);
  });

  test("inputs that are not finite are refused by column and number of rows", async ({ skip }) => {
    const designed = await way(skip);
    const data = sample(100, [1, 1, 1], 0);
    for (const [row, column, value] of [
      [3, 1, Number.NaN],
      [4, 1, Number.NEGATIVE_INFINITY],
      [4, 2, Number.NaN],
    ] as const) {
      data.inputs[3 * row + column] = value;
    }
    expect(() => fitOn(designed, data, 1)).toThrow(
      "x1, x2: was not a finite number in 2 of 100 training rows; leave these rows or columns out",
    );
  });
});

/** Random problems: some inputs nearly alike, some nearly decide, scales from 0.01 to 100. */
const problems = fc
  .record({
    seed: fc.integer({ min: 1, max: 1e6 }),
    rows: fc.integer({ min: 20, max: 400 }),
    width: fc.integer({ min: 1, max: 6 }),
    strength: fc.constantFrom(0, 0.3, 3),
    alike: fc.boolean(),
    deviation: fc.constantFrom(0.01, 0.1, 1, 10),
    overlapBars: fc.constantFrom(1, 15),
  })
  .map(({ seed, rows, width, strength, alike, deviation, overlapBars }) => {
    const weights = Array.from({ length: width }, (_, j) => strength * (-1) ** j);
    const { outcome, ...data } = sample(rows, weights, 0.4, { seed, overlapBars });
    const inputs = data.inputs.map((x, at) =>
      alike && at % width === 1 ? data.inputs[at - 1]! + 1e-3 * x : x,
    );
    const both = Float64Array.from(outcome, (y, i) => (i < 2 ? i : y));
    return { data: { ...data, inputs, outcome: both }, deviation };
  });

test("both ways of computing give the same fit", async ({ skip }) => {
  const designed = await native(skip);
  fc.assert(
    fc.property(problems, ({ data, deviation }) => {
      const [here, there] = [plain, designed].map((way) => fitOn(way, data, deviation));
      const gap = objective(data, there!, deviation) - objective(data, here!, deviation);
      expect(Math.abs(gap) / data.outcome.length).toBeLessThan(1e-10);
      for (let j = 0; j < data.names.length; j++) {
        expect(Math.abs(there!.weights[j]! - here!.weights[j]!)).toBeLessThan(1e-5);
      }
    }),
    { seed: 11, numRuns: 60 },
  );
});

test("a large problem gives the same bits each time", async ({ skip }) => {
  await native(skip);
  const data = sample(45_000, [0.3, -0.2, 0.1, ...new Array<number>(32).fill(0.02)], 0.1);
  const first = await fitLogistic(data, 0.1);
  // That the library did it shows in the last bits.
  expect(first).not.toEqual(fitOn(plain, data, 0.1));
  for (let again = 0; again < 5; again++) expect(await fitLogistic(data, 0.1)).toEqual(first);
});

test("log-loss is −ln of the outcome's probability and does not overflow", () => {
  expect(logLoss(0.7, 1)).toBeCloseTo(-Math.log(sigmoid(0.7)), 12);
  expect(logLoss(0.7, 0)).toBeCloseTo(-Math.log(1 - sigmoid(0.7)), 12);
  expect(logLoss(-1000, 1)).toBe(1000);
});
