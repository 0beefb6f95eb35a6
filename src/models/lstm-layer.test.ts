import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { type LstmKernel, lstmKernel, lstmLayer } from "./lstm-layer.js";
import { loadTensorflow, type TensorflowJs } from "./tensorflow.js";

interface Sizes {
  readonly steps: number;
  readonly batch: number;
  readonly inputs: number;
  readonly units: number;
}

/** Around what the fused kernels take at a time: 12 or 6 rows, 32, 16 or 8 columns, 256 in depth. */
const SIZES: readonly Sizes[] = [
  { steps: 1, batch: 1, inputs: 1, units: 1 },
  { steps: 7, batch: 5, inputs: 3, units: 4 },
  { steps: 3, batch: 13, inputs: 53, units: 32 },
  { steps: 4, batch: 24, inputs: 33, units: 17 },
  { steps: 2, batch: 300, inputs: 9, units: 8 },
  { steps: 2, batch: 31, inputs: 260, units: 70 },
];

function normals(length: number, name: string, scale = 1): Float32Array {
  const random = seededRandom(5, name);
  return new Float32Array(length).map(() => scale * random.normal());
}

/** Hidden states, and gradients of Σ slope·hidden by x, kernel and bias. */
function pass(
  tf: TensorflowJs,
  how: LstmKernel,
  { steps, batch, inputs, units }: Sizes,
): readonly Float32Array[] {
  return tf.tidy(() => {
    const x = tf.tensor3d(normals(steps * batch * inputs, "x"), [steps, batch, inputs]);
    const weights = normals((inputs + units) * 4 * units, "kernel", 1 / Math.sqrt(inputs + units));
    const kernel = tf.tensor2d(weights, [inputs + units, 4 * units]);
    const bias = tf.tensor1d(normals(4 * units, "bias"));
    const slope = tf.tensor3d(normals(steps * batch * units, "slope"), [steps, batch, units]);
    let states: Float32Array = new Float32Array(0);
    const gradients = tf.grads((...given: Tensor[]) => {
      const [own, w, b] = given as [Tensor3D, Tensor2D, Tensor1D];
      const hidden = lstmLayer(tf, how, { x: own, kernel: w, bias: b, wantsX: true });
      states = hidden.dataSync<"float32">() as Float32Array;
      return tf.sum(tf.mul(hidden, slope));
    })([x, kernel, bias]);
    return [states, ...gradients.map((one) => one.dataSync<"float32">() as Float32Array)];
  });
}

test("all kernels of this machine give the same states and gradients at every size", async () => {
  const { tf } = await loadTensorflow();
  expect(lstmKernel(tf)).toBe("fused");
  for (const sizes of SIZES) {
    const loops = pass(tf, "loops", sizes);
    for (const how of ["fused", "block"] as const) {
      const fast = pass(tf, how, sizes);
      loops.forEach((values, i) => {
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const gap = values.reduce((most, v, j) => Math.max(most, Math.abs(v - fast[i]![j]!)), 0);
        expect(gap / largest, `${how} ${JSON.stringify(sizes)} ${i}`).toBeLessThan(5e-6);
      });
    }
  }
});

test("a layer whose inputs are data has the same gradients as one whose inputs are not", async () => {
  const { tf } = await loadTensorflow();
  const { steps, batch, inputs, units } = SIZES[2]!;
  const x = tf.tensor3d(normals(steps * batch * inputs, "x"), [steps, batch, inputs]);
  const kernel = tf.tensor2d(normals((inputs + units) * 4 * units, "kernel"), [
    inputs + units,
    4 * units,
  ]);
  const bias = tf.tensor1d(normals(4 * units, "bias"));
  for (const how of ["fused", "block", "loops"] as const) {
    const gradients = [true, false].map((wantsX) => {
      const ofWeights = tf.grads((w, b) =>
        tf.sum(lstmLayer(tf, how, { x, kernel: w as Tensor2D, bias: b as Tensor1D, wantsX })),
      );
      return ofWeights([kernel, bias]).map((one) => [...one.dataSync()]);
    });
    expect(gradients[0]).toEqual(gradients[1]);
  }
});

test("the fused kernels refuse shapes that do not belong together", async () => {
  const { tf } = await loadTensorflow();
  const x = tf.zeros([2, 3, 4]) as Tensor3D;
  const layer = (kernel: [number, number], bias: number) => () =>
    lstmLayer(tf, "fused", {
      x,
      kernel: tf.zeros(kernel) as Tensor2D,
      bias: tf.zeros([bias]) as Tensor1D,
      wantsX: false,
    });
  expect(layer([9, 20], 20)).not.toThrow();
  expect(layer([8, 20], 20)).toThrow("expected kernel as (inputs + units) × 4·units");
  expect(layer([9, 20], 18)).toThrow("bias as 4·units");
});

test("any number of threads gives the same bits", async () => {
  const code = `
    const { loadTensorflow } = require("./dist/models/tensorflow.js");
    const { buildLstm, lstmLossAndGradient } = require("./dist/models/lstm.js");
    const { createHash } = require("node:crypto");
    loadTensorflow().then(({ tf }) => {
      const model = buildLstm({ inputSize: 5, steps: 6, units: 40, layers: 2 }, 1);
      model.parameters.forEach((_, i, all) => { all[i] += Math.sin(i) / 10; });
      const values = new Float32Array(6 * 50 * 5).map((_, i) => Math.cos(7 * i));
      const outcome = new Float32Array(50).map((_, i) => i % 2);
      const { gradient } = lstmLossAndGradient(tf, model, { values, count: 50 }, outcome);
      console.log(createHash("sha256").update(gradient).digest("hex"));
    });`;
  const hashes = await Promise.all(
    ["1", "2", "5"].map(async (threads) => {
      // TensorFlow's own operations may differ with their threads; ours do not.
      const env = { ...process.env, TF_NUM_INTRAOP_THREADS: threads };
      return (await promisify(execFile)(process.execPath, ["-e", code], { env })).stdout;
    }),
  );
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}\n$/);
  expect(new Set(hashes).size).toBe(1);
});
