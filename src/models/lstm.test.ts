import type { Tensor3D } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import {
  buildLstm,
  type Lstm,
  type LstmShape,
  lstmLayout,
  lstmLogits,
  lstmLossAndGradient,
} from "./lstm.js";
import { lstmKernel, lstmLayer } from "./lstm-layer.js";
import type { LossGradient } from "./network.js";
import { loadTensorflow } from "./tensorflow.js";

const SHAPE = { inputSize: 3, steps: 7, units: 4, layers: 2, layerNorm: false };
const NORMED = { ...SHAPE, layerNorm: true };
const COUNT = 5;

function normals(length: number, name: string, scale = 1): Float32Array {
  const random = seededRandom(3, name);
  return new Float32Array(length).map(() => scale * random.normal());
}

/** A model whose parameters are all away from zero, a batch of windows, outcomes and dropout factors. */
function example(shape: LstmShape = SHAPE) {
  const built = buildLstm(shape, 1);
  const model: Lstm = { ...built, parameters: normals(built.parameters.length, "weights", 0.5) };
  const windows = {
    values: normals(SHAPE.steps * COUNT * SHAPE.inputSize, "inputs"),
    count: COUNT,
  };
  const keep = normals(SHAPE.layers * COUNT * SHAPE.units, "keep").map((u) => (u > 0 ? 2 : 0));
  return { model, windows, keep, outcome: Float32Array.of(1, 0, 0.5, 1, 0) };
}

test("fused kernels and plain loops give the same loss and gradient", async () => {
  const { tf } = await loadTensorflow();
  const { model, windows, outcome, keep } = example();
  for (const factors of [undefined, keep]) {
    const options = { keep: factors };
    const loops = lstmLossAndGradient(tf, model, windows, outcome, { ...options, kernel: "loops" });
    const best = lstmLossAndGradient(tf, model, windows, outcome, options);
    expect(best.loss).toBeCloseTo(loops.loss, 5);
    const gaps = best.gradient.map((g, i) => Math.abs(g - loops.gradient[i]!));
    expect(Math.max(...gaps)).toBeLessThan(2e-6);
  }
});

test.each([
  ["without", SHAPE],
  ["with", NORMED],
])("the gradient is that of finite differences in every array, %s layer norm", async (_, shape) => {
  const { tf } = await loadTensorflow();
  const { model, windows, outcome, keep } = example(shape);
  const { gradient } = lstmLossAndGradient(tf, model, windows, outcome, { keep });
  const lossAt = (i: number, step: number): number => {
    const parameters = model.parameters.slice();
    parameters[i]! += step;
    return lstmLossAndGradient(tf, { ...model, parameters }, windows, outcome, { keep }).loss;
  };
  const random = seededRandom(9, "which");
  for (const { start, end } of lstmLayout(shape)) {
    for (let draw = 0; draw < 6; draw++) {
      const i = start + random.below(end - start);
      const slope = (lossAt(i, 0.01) - lossAt(i, -0.01)) / 0.02;
      expect(Math.abs(slope - gradient[i]!)).toBeLessThan(2e-4);
    }
  }
});

test("twice the weight is twice the loss and gradient of a window, beside dropout too", async () => {
  const { tf } = await loadTensorflow();
  const { model, windows, outcome, keep } = example();
  const only = (i: number, value: number): LossGradient => {
    const weight = new Float32Array(COUNT);
    weight[i] = value;
    return lstmLossAndGradient(tf, model, windows, outcome, { keep, weight });
  };
  const whole = lstmLossAndGradient(tf, model, windows, outcome, { keep });
  const parts = Array.from({ length: COUNT }, (_, i) => only(i, 1));
  expect(parts.reduce((sum, { loss }) => sum + loss, 0)).toBeCloseTo(whole.loss, 5);
  const twice = only(2, 2);
  expect(twice.loss).toBeCloseTo(2 * parts[2]!.loss, 6);
  twice.gradient.forEach((slope, k) => {
    expect(slope).toBeCloseTo(2 * parts[2]!.gradient[k]!, 6);
    const sum = parts.reduce((total, { gradient }) => total + gradient[k]!, 0);
    expect(sum).toBeCloseTo(whole.gradient[k]!, 5);
  });
});

test("a layer of tfjs' own LSTM with the same weights gives the same hidden states", async () => {
  const { tf } = await loadTensorflow();
  const { inputSize, steps, units } = SHAPE;
  const x = tf.tensor3d(normals(steps * COUNT * inputSize, "x"), [steps, COUNT, inputSize]);
  const kernel = tf.tensor2d(normals((inputSize + units) * 4 * units, "k"), [
    inputSize + units,
    4 * units,
  ]);
  const bias = tf.tensor1d(normals(4 * units, "b"));
  const layer = tf.layers.lstm({ units, returnSequences: true, recurrentActivation: "sigmoid" });
  const batchFirst = tf.transpose(x, [1, 0, 2]);
  layer.apply(batchFirst);
  layer.setWeights([
    tf.slice(kernel, [0, 0], [inputSize, 4 * units]),
    tf.slice(kernel, [inputSize, 0], [units, 4 * units]),
    bias,
  ]);
  const theirs = tf.transpose(layer.apply(batchFirst) as Tensor3D, [1, 0, 2]);
  const ours = lstmLayer(tf, lstmKernel(tf), { x, kernel, bias, wantsX: false });
  expect(tf.max(tf.abs(tf.sub(ours, theirs))).dataSync()[0]).toBeLessThan(1e-6);
});

test("layer norms start with gain 1 and bias 0, do not decay, and change no other start", () => {
  const [plain, normed] = [buildLstm(SHAPE, 4), buildLstm(NORMED, 4)];
  const rest: number[] = [];
  for (const { name, start, end, isDecayed } of lstmLayout(NORMED)) {
    const values = [...normed.parameters.subarray(start, end)];
    if (!name.includes(".norm.")) rest.push(...values);
    else
      expect([...values, isDecayed]).toEqual([
        ...Array(4).fill(Number(name.endsWith("gain"))),
        false,
      ]);
  }
  expect(rest).toEqual([...plain.parameters]);
});

test("steps leave no tensor behind, and neither does one that fails half-way", async () => {
  const { tf } = await loadTensorflow();
  const { model, windows, outcome, keep } = example(NORMED);
  const step = async () => {
    lstmLossAndGradient(tf, model, windows, outcome, { keep });
    await lstmLogits(model, windows);
  };
  await step();
  const before = tf.memory().numTensors;
  for (let i = 0; i < 5; i++) await step();
  expect(tf.memory().numTensors).toBe(before);
  const short = { keep: keep.slice(0, -1) };
  expect(() => lstmLossAndGradient(tf, model, windows, outcome, short)).toThrow(/shape|size/);
  expect(tf.memory().numTensors).toBe(before);
});

test("one seed gives one model, and a fresh model predicts one half", async () => {
  const { windows } = example();
  expect(buildLstm(SHAPE, 4)).toEqual(buildLstm(SHAPE, 4));
  expect(buildLstm(SHAPE, 4).parameters).not.toEqual(buildLstm(SHAPE, 5).parameters);
  expect([...(await lstmLogits(buildLstm(SHAPE, 4), windows))]).toEqual([0, 0, 0, 0, 0]);
});

test("a window's prediction does not depend on the batch it is in", async () => {
  const { model, windows } = example();
  const all = await lstmLogits(model, windows);
  const { inputSize, steps } = SHAPE;
  for (let b = 0; b < COUNT; b++) {
    const values = new Float32Array(steps * inputSize).map(
      (_, i) =>
        windows.values[
          Math.floor(i / inputSize) * COUNT * inputSize + b * inputSize + (i % inputSize)
        ]!,
    );
    const [alone] = await lstmLogits(model, { values, count: 1 });
    expect(alone).toBeCloseTo(all[b]!, 6);
  }
});

test("what is said of a window has the same bits whatever it is asked with, without layer norm", async () => {
  const { model } = example(SHAPE);
  const { steps, inputSize } = SHAPE;
  const count = 100;
  const values = normals(steps * count * inputSize, "many windows");
  const all = await lstmLogits(model, { values, count });
  for (let i = 0; i < count; i++) {
    const own = new Float32Array(steps * inputSize);
    for (let t = 0; t < steps; t++) {
      const at = (t * count + i) * inputSize;
      own.set(values.subarray(at, at + inputSize), t * inputSize);
    }
    expect([...(await lstmLogits(model, { values: own, count: 1 }))]).toEqual([all[i]]);
  }
});
