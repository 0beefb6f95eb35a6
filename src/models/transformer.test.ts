import { beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { adamStart, adamStep } from "../training/adam.js";
import { blockKernel } from "./encoder-block.js";
import { loadTensorflow, type TensorflowJs } from "./tensorflow.js";
import { largestGap } from "./test-goldens.js";
import { plainTransformer } from "./test-plain-transformer.js";
import {
  buildTransformer,
  type Transformer,
  transformerAttention,
  transformerLogits,
  transformerLossAndGradient,
} from "./transformer.js";
import { type TransformerShape, transformerLayout } from "./transformer-shape.js";

const SHAPE: TransformerShape = {
  inputSize: 3,
  steps: 7,
  width: 6,
  heads: 2,
  layers: 2,
  feedForward: 8,
  positions: "learned",
};
const COUNT = 5;
const OUTCOME = Float32Array.of(1, 0, 0.5, 1, 0);

let tf: TensorflowJs;
beforeAll(async () => {
  ({ tf } = await loadTensorflow());
});

function normals(length: number, name: string, scale = 1): Float32Array {
  const random = seededRandom(3, name);
  return new Float32Array(length).map(() => scale * random.normal());
}

/** A model whose parameters are all away from zero, a batch of windows, and factors of dropout. */
function example(shape = SHAPE, count = COUNT) {
  const built = buildTransformer(shape, 1);
  const model: Transformer = {
    ...built,
    parameters: normals(built.parameters.length, "weights", 0.6),
  };
  const windows = { values: normals(shape.steps * count * shape.inputSize, "inputs"), count };
  const keep = normals(2 * shape.layers * count * shape.width, "keep").map((u) => (u > 0 ? 2 : 0));
  return { model, windows, keep };
}

/** The inputs of one window, step by step. */
function windowOf(
  { values, count }: { values: Float32Array; count: number },
  b: number,
): number[][] {
  return Array.from({ length: values.length / (3 * count) }, (_, t) => {
    const start = (t * count + b) * 3;
    return [...values.subarray(start, start + 3)];
  });
}

/** A window's factors of dropout, by layer and part. */
function keepOf(keep: Float32Array, { layers, width }: TransformerShape, b: number) {
  const part = (of: number): number[] => {
    const start = (of * COUNT + b) * width;
    return [...keep.subarray(start, start + width)];
  };
  return Array.from(
    { length: layers },
    (_, layer) => [part(2 * layer), part(2 * layer + 1)] as const,
  );
}

test.each<[string, Partial<TransformerShape>]>([
  ["two blocks, learned positions", {}],
  ["one block, which is the last", { layers: 1 }],
  [
    "three blocks, sines, one head over an odd width",
    { layers: 3, width: 5, heads: 1, positions: "sinusoidal" },
  ],
  ["one step alone", { steps: 1 }],
  ["as many heads as width", { heads: 6 }],
])(
  "log-odds and weights are those of every step and query in plain loops: %s",
  async (_, change) => {
    const shape = { ...SHAPE, ...change };
    const { model, windows } = example(shape);
    const logits = await transformerLogits(model, windows);
    const weights = await transformerAttention(model, windows);
    const { layers, heads, steps } = shape;
    for (let b = 0; b < COUNT; b++) {
      const plain = plainTransformer(shape, model.parameters, windowOf(windows, b));
      expect(Math.abs(logits[b]! - plain.logit)).toBeLessThan(2e-5);
      for (let layer = 0; layer < layers; layer++) {
        for (let head = 0; head < heads; head++) {
          const start = ((layer * COUNT + b) * heads + head) * steps;
          const newest = plain.weights[layer]![head]![steps - 1]!;
          expect(largestGap(weights.subarray(start, start + steps), newest)).toBeLessThan(1e-5);
        }
      }
    }
  },
);

test.each([
  ["as it is", false],
  ["with dropout and weighted windows", true],
])("the gradient is that of the plain loops' finite differences, %s", (_, dropout) => {
  const { model, windows, keep } = example();
  const weight = dropout ? Float32Array.of(0.5, 2, 1, 0, 1.5) : new Float32Array(COUNT).fill(1);
  const factors = dropout ? { keep, weight } : {};
  const { loss, gradient } = transformerLossAndGradient(tf, model, windows, OUTCOME, factors);
  const all = Array.from(
    OUTCOME,
    (_, b) => [windowOf(windows, b), keepOf(keep, SHAPE, b)] as const,
  );
  const lossAt = (parameters: Float64Array): number => {
    const losses = all.map(([window, kept], b) => {
      const { logit } = plainTransformer(SHAPE, parameters, window, dropout ? kept : undefined);
      return weight[b]! * (Math.log1p(Math.exp(logit)) - OUTCOME[b]! * logit);
    });
    return losses.reduce((sum, one) => sum + one) / COUNT;
  };
  const at = Float64Array.from(model.parameters);
  expect(loss).toBeCloseTo(lossAt(at), 5);
  const random = seededRandom(9, "which");
  for (const { name, start, end } of transformerLayout(SHAPE)) {
    for (let draw = 0; draw < 2; draw++) {
      const i = start + random.below(end - start);
      const [up, down] = [1e-5, -1e-5].map((step) =>
        lossAt(at.map((value, k) => (k === i ? value + step : value))),
      );
      expect(Math.abs((up! - down!) / 2e-5 - gradient[i]!), name).toBeLessThan(2e-5);
    }
  }
});

test("no step reads a later one: other steps after it change nothing up to it", () => {
  const { model, windows } = example();
  const window = windowOf(windows, 0);
  const before = plainTransformer(SHAPE, model.parameters, window);
  for (let at = 0; at < SHAPE.steps - 1; at++) {
    const changed = window.map((x, t) => (t > at ? x.map((value) => value + 9) : x));
    const after = plainTransformer(SHAPE, model.parameters, changed);
    for (const [layer, stream] of after.streams.entries()) {
      expect(stream.slice(0, at + 1)).toEqual(before.streams[layer]!.slice(0, at + 1));
      expect(stream.slice(at + 1)).not.toEqual(before.streams[layer]!.slice(at + 1));
    }
  }
});

test("a fresh model predicts by its line alone, or one half without one", async () => {
  const { windows } = example();
  const line = { weights: Float64Array.of(0.5, -1, 2), intercept: 0.25 };
  const logits = await transformerLogits(buildTransformer(SHAPE, 4, line), windows);
  logits.forEach((logit, b) => {
    const [x, y, z] = windowOf(windows, b).at(-1)!;
    expect(logit).toBeCloseTo(0.25 + 0.5 * x! - y! + 2 * z!, 5);
  });
  expect([...(await transformerLogits(buildTransformer(SHAPE, 4), windows))]).toEqual([
    0, 0, 0, 0, 0,
  ]);
});

test("one seed gives one model and one gradient to the bit, another seed another", () => {
  expect(buildTransformer(SHAPE, 4)).toEqual(buildTransformer(SHAPE, 4));
  expect(buildTransformer(SHAPE, 4).parameters).not.toEqual(buildTransformer(SHAPE, 5).parameters);
  const { model, windows, keep } = example();
  const step = () => transformerLossAndGradient(tf, model, windows, OUTCOME, { keep });
  expect(step()).toEqual(step());
});

test("norms start with gain 1, biases with 0, positions as sines, and only matrices decay", () => {
  const { parameters } = buildTransformer(SHAPE, 4);
  for (const { name, start, end, isDecayed, shape } of transformerLayout(SHAPE)) {
    const values = parameters.subarray(start, end);
    expect(isDecayed).toBe(shape.length > 1);
    if (name.endsWith("gain")) expect(new Set(values)).toEqual(new Set([1]));
    if (name.endsWith("bias")) expect(new Set(values)).toEqual(new Set([0]));
  }
  const slot = transformerLayout(SHAPE).find(({ name }) => name === "positions")!;
  expect(parameters[slot.start]).toBe(0);
  expect(parameters[slot.start + 6]).toBeCloseTo(Math.sin(1), 6);
  expect(parameters[slot.start + 6 + 3]).toBeCloseTo(Math.cos(10_000 ** (-1 / 3)), 6);
});

test("heads that do not divide the width are refused by name", () => {
  expect(() => buildTransformer({ ...SHAPE, heads: 4 }, 1)).toThrow(/heads: was 4.* width 6/);
});

test("a window's prediction does not depend on the batch it is in", async () => {
  const { model, windows } = example();
  const all = await transformerLogits(model, windows);
  for (let b = 0; b < COUNT; b++) {
    const values = Float32Array.from(windowOf(windows, b).flat());
    const [alone] = await transformerLogits(model, { values, count: 1 });
    expect(alone).toBeCloseTo(all[b]!, 5);
  }
});

test("a window alone can be learned from", () => {
  const { model, windows, keep } = example(SHAPE, 1);
  const { loss, gradient } = transformerLossAndGradient(tf, model, windows, Float32Array.of(1), {
    keep,
  });
  expect(loss).toBeGreaterThan(0);
  expect(gradient.every(Number.isFinite)).toBe(true);
});

test("steps leave no tensor behind, and neither does one that fails half-way", async () => {
  const { model, windows, keep } = example();
  const step = async (): Promise<void> => {
    transformerLossAndGradient(tf, model, windows, OUTCOME, { keep });
    await transformerLogits(model, windows);
    await transformerAttention(model, windows);
  };
  await step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) await step();
  expect(tf.memory().numTensors).toBe(before);
  const short = { keep: keep.slice(0, -1) };
  expect(() => transformerLossAndGradient(tf, model, windows, OUTCOME, short)).toThrow(
    /shape|size/,
  );
  expect(tf.memory().numTensors).toBe(before);
  for (const block of new Set(["plain", blockKernel(tf)] as const)) {
    const wrong = { ...model, heads: 4 };
    expect(() => transformerLossAndGradient(tf, wrong, windows, OUTCOME, { block })).toThrow();
    expect(tf.memory().numTensors, block).toBe(before);
  }
});

test("one batch of 32 random windows is learned by heart", () => {
  const shape: TransformerShape = { ...SHAPE, width: 16, feedForward: 32 };
  let { parameters } = buildTransformer(shape, 1);
  parameters = parameters.slice();
  const windows = { values: normals(shape.steps * 32 * 3, "inputs"), count: 32 };
  const outcome = normals(32, "outcome").map((value) => Number(value > 0));
  const adam = adamStart(parameters.length);
  const decay = new Float32Array(parameters.length);
  let loss = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 300 && loss >= 0.01; step++) {
    const model = { ...shape, kind: "transformer", parameters } as const;
    const result = transformerLossAndGradient(tf, model, windows, outcome);
    ({ loss } = result);
    adamStep(adam, parameters, result.gradient, 0.01, decay);
  }
  expect(loss).toBeLessThan(0.01);
});
