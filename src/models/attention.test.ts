import type { Tensor3D } from "@tensorflow/tfjs";
import { beforeAll, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { attention, attentionWeights } from "./attention.js";
import { loadTensorflow, type TensorflowJs } from "./tensorflow.js";
import { largestGap } from "./test-goldens.js";

const [STEPS, COUNT, WIDTH, HEADS] = [6, 3, 4, 2];
const SIZE = STEPS * COUNT * WIDTH;
const ROW = COUNT * WIDTH;

let tf: TensorflowJs;
beforeAll(async () => {
  ({ tf } = await loadTensorflow());
});

function normals(name: string): Float32Array {
  const random = seededRandom(6, name);
  return new Float32Array(SIZE).map(() => random.normal());
}

const [Q, K, V] = ["q", "k", "v"].map(normals) as [Float32Array, Float32Array, Float32Array];
const cube = (values: Float32Array): Tensor3D =>
  tf.tensor3d(values, [values.length / ROW, COUNT, WIDTH]);

function attended(q: Float32Array, k: Float32Array, v: Float32Array): Float32Array {
  return tf.tidy(() => attention(tf, cube(q), cube(k), cube(v), HEADS).dataSync<"float32">());
}

test("what is read at a step does not depend on keys and values after it, to the bit", () => {
  const before = attended(Q, K, V);
  for (let at = 0; at < STEPS - 1; at++) {
    const end = (at + 1) * ROW;
    const changed = (values: Float32Array): Float32Array =>
      values.map((value, i) => (i < end ? value : 50 * value - 7));
    const after = attended(Q, changed(K), changed(V));
    expect(after.subarray(0, end)).toEqual(before.subarray(0, end));
    expect(after.subarray(end)).not.toEqual(before.subarray(end));
  }
});

test("no slope goes from a step to keys and values after it", () => {
  for (let at = 0; at < STEPS; at++) {
    const gradients = tf.tidy(() => {
      const loss = (q: Tensor3D, k: Tensor3D, v: Tensor3D) =>
        tf.sum(tf.slice(attention(tf, q, k, v, HEADS), [at, 0, 0], [1, COUNT, WIDTH]));
      const gradientsOf = tf.grads(loss as unknown as Parameters<TensorflowJs["grads"]>[0]);
      return gradientsOf([cube(Q), cube(K), cube(V)]).map((one) => one.dataSync<"float32">());
    });
    for (const gradient of gradients.slice(1)) {
      expect(gradient.subarray((at + 1) * ROW).every((slope) => slope === 0)).toBe(true);
    }
    expect(gradients[2]!.subarray(0, (at + 1) * ROW).every((slope) => slope > 0)).toBe(true);
  }
});

test("the last query alone reads what it reads among all", () => {
  const alone = attended(Q.subarray(SIZE - ROW), K, V);
  expect(largestGap(alone, attended(Q, K, V).subarray(SIZE - ROW))).toBeLessThan(1e-6);
});

test("equal keys are read in equal shares of the steps so far", () => {
  const weights = tf.tidy(() =>
    attentionWeights(tf, cube(Q), tf.ones([STEPS, COUNT, WIDTH]), HEADS).arraySync(),
  );
  expect(weights).toHaveLength(COUNT * HEADS);
  for (const head of weights) {
    head.forEach((row, at) => {
      const shares = row.map((_, step) => (step <= at ? 1 / (at + 1) : 0));
      expect(largestGap(row, shares)).toBeLessThan(1e-6);
    });
  }
});

test("scores of any size give weights, not NaN", () => {
  const huge = K.map((value) => 1e4 * value);
  expect(attended(Q, huge, V).every(Number.isFinite)).toBe(true);
});
