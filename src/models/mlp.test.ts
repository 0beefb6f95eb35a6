import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { buildMlp, type Mlp, mlpLayout, mlpLogits, mlpLossAndGradient } from "./mlp.js";
import { loadTensorflow } from "./tensorflow.js";

const SHAPE = { inputSize: 3, units: [4, 2] };
const COUNT = 5;
const OUTCOME = Float32Array.of(1, 0, 0.5, 1, 0);

function normals(length: number, name: string): Float32Array {
  const random = seededRandom(3, name);
  return new Float32Array(length).map(() => 0.7 * random.normal());
}

/** A model whose parameters are all away from zero, a batch of inputs, and dropout factors. */
function example(): { model: Mlp; inputs: Float32Array; keep: Float32Array } {
  const built = buildMlp(SHAPE, 1);
  return {
    model: { ...built, parameters: normals(built.parameters.length, "weights") },
    inputs: normals(COUNT * SHAPE.inputSize, "inputs"),
    keep: normals(COUNT * (4 + 2), "keep").map((u) => (u > 0 ? 2 : 0)),
  };
}

/** Independent oracle: one row through the equations in plain loops and doubles. */
function logitByHand(
  parameters: ArrayLike<number>,
  row: readonly number[],
  keep: readonly (readonly number[])[],
): number {
  const at = (name: string): number[] => {
    const { start, end } = mlpLayout(SHAPE).find((slot) => slot.name === name)!;
    return Array.from({ length: end - start }, (_, i) => parameters[start + i]!);
  };
  const dense = (x: readonly number[], kernel: number[], bias: number[]): number[] =>
    bias.map((b, j) => x.reduce((sum, v, i) => sum + v * kernel[i * bias.length + j]!, b));
  let hidden = row;
  for (const layer of [0, 1]) {
    hidden = dense(hidden, at(`layer${layer}.kernel`), at(`layer${layer}.bias`)).map(
      (z, j) => Math.max(0, z) * keep[layer]![j]!,
    );
  }
  return (
    dense(hidden, at("head.kernel"), at("head.bias"))[0]! + dense(row, at("head.skip"), [0])[0]!
  );
}

const rowOf = (inputs: Float32Array, i: number): number[] => [...inputs.slice(3 * i, 3 * i + 3)];
const ALL_KEPT = [
  [1, 1, 1, 1],
  [1, 1],
];

test("log-odds are those of the equations in plain loops", async () => {
  const { model, inputs } = example();
  const logits = await mlpLogits(model, inputs);
  logits.forEach((logit, i) => {
    expect(logit).toBeCloseTo(logitByHand(model.parameters, rowOf(inputs, i), ALL_KEPT), 5);
  });
});

test("the gradient is that of finite differences of the equations, with and without dropout", async () => {
  const { tf } = await loadTensorflow();
  const { model, inputs, keep } = example();
  const keptOf = (i: number): number[][] => [
    [...keep.slice(4 * i, 4 * i + 4)],
    [...keep.slice(4 * COUNT + 2 * i, 4 * COUNT + 2 * i + 2)],
  ];
  for (const dropout of [false, true]) {
    const lossAt = (parameters: Float64Array): number => {
      const losses = Array.from(OUTCOME, (y, i) => {
        const z = logitByHand(parameters, rowOf(inputs, i), dropout ? keptOf(i) : ALL_KEPT);
        return Math.log1p(Math.exp(z)) - y * z;
      });
      return losses.reduce((sum, loss) => sum + loss) / COUNT;
    };
    const at = Float64Array.from(model.parameters);
    const options = dropout ? { keep } : {};
    const { loss, gradient } = mlpLossAndGradient(tf, model, inputs, OUTCOME, options);
    expect(loss).toBeCloseTo(lossAt(at), 5);
    gradient.forEach((slope, k) => {
      const [up, down] = [1e-5, -1e-5].map((step) =>
        lossAt(at.map((value, i) => (i === k ? value + step : value))),
      );
      expect(slope).toBeCloseTo((up! - down!) / 2e-5, 5);
    });
  }
});

test("a row of weight 2 counts as two of it, and one of weight 0 not at all", async () => {
  const { tf } = await loadTensorflow();
  const { model, inputs } = example();
  const weight = Float32Array.of(2, 1, 1, 1, 0);
  const weighed = mlpLossAndGradient(tf, model, inputs, OUTCOME, { weight });
  const taken = [0, 0, 1, 2, 3];
  const repeated = mlpLossAndGradient(
    tf,
    model,
    Float32Array.from(taken.flatMap((row) => rowOf(inputs, row))),
    Float32Array.from(taken, (row) => OUTCOME[row]!),
  );
  expect(weighed.loss).toBeCloseTo(repeated.loss, 6);
  weighed.gradient.forEach((slope, k) => {
    expect(slope).toBeCloseTo(repeated.gradient[k]!, 6);
  });
});

test("a fresh model predicts by its line alone, or one half without one", async () => {
  const { inputs } = example();
  const line = { weights: Float64Array.of(0.5, -1, 2), intercept: 0.25 };
  const logits = await mlpLogits(buildMlp(SHAPE, 4, line), inputs);
  logits.forEach((logit, i) => {
    const [a, b, c] = rowOf(inputs, i);
    expect(logit).toBeCloseTo(0.25 + 0.5 * a! - b! + 2 * c!, 5);
  });
  expect([...(await mlpLogits(buildMlp(SHAPE, 4), inputs))]).toEqual([0, 0, 0, 0, 0]);
});

test("one seed gives one model, another seed another", () => {
  expect(buildMlp(SHAPE, 4)).toEqual(buildMlp(SHAPE, 4));
  expect(buildMlp(SHAPE, 4).parameters).not.toEqual(buildMlp(SHAPE, 5).parameters);
});

test("steps leave no tensor behind", async () => {
  const { tf } = await loadTensorflow();
  const { model, inputs, keep } = example();
  const step = async (): Promise<void> => {
    mlpLossAndGradient(tf, model, inputs, OUTCOME, { keep });
    await mlpLogits(model, inputs);
  };
  await step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) await step();
  expect(tf.memory().numTensors).toBe(before);
});
