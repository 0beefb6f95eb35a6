import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { layerNorm } from "./layer-norm.js";
import { loadTensorflow } from "./tensorflow.js";

test("each row comes out with mean 0 and variance 1, whatever lies before the last axis", async () => {
  const { tf } = await loadTensorflow();
  const random = seededRandom(4, "rows");
  const values = Float32Array.from({ length: 2 * 3 * 8 }, () => 5 + 3 * random.normal());
  const normal = tf.tidy(() =>
    layerNorm(tf, tf.tensor3d(values, [2, 3, 8]), tf.ones([8]), tf.zeros([8])).arraySync(),
  );
  expect([normal.length, normal[0]!.length]).toEqual([2, 3]);
  for (const row of normal.flat()) {
    expect(row.reduce((sum, z) => sum + z, 0) / 8).toBeCloseTo(0, 5);
    expect(row.reduce((sum, z) => sum + z * z, 0) / 8).toBeCloseTo(1, 4);
  }
});

test("gain and bias then stretch and shift each column", async () => {
  const { tf } = await loadTensorflow();
  // Mean 2, variance 2/3.
  const [low, middle, high] = tf.tidy(() =>
    layerNorm(
      tf,
      tf.tensor2d([[1, 2, 3]]),
      tf.tensor1d([1, 5, -2]),
      tf.tensor1d([0, 7, 1]),
    ).dataSync(),
  );
  const deviation = Math.sqrt(2 / 3 + 1e-5);
  expect(low).toBeCloseTo(-1 / deviation, 6);
  expect(middle).toBeCloseTo(7, 6);
  expect(high).toBeCloseTo(1 - 2 / deviation, 6);
});
