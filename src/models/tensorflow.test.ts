import { expect, test } from "vitest";
import { kernelsIn, loadTensorflow, nativeKernels } from "./tensorflow.js";

test("all callers get the same TensorFlow, and it multiplies", async () => {
  const { tf, backend, version, gpu, device, threads, reason } = await loadTensorflow();
  expect((await loadTensorflow()).tf).toBe(tf);
  expect(reason === undefined).toBe(backend === "native");
  expect(version).toMatch(/^\d+\.\d+/);
  expect(threads).toBeGreaterThanOrEqual(1);
  if (!gpu) expect(device).toMatch(new RegExp(`^CPU, ${threads} thread`));
  const product = tf.tidy(() => Array.from(tf.matMul([[1, 2]], [[3], [4]]).dataSync()));
  expect(product).toEqual([11]);
});

test("an addon that the set-up did not build has none of our operations, and loads", async () => {
  expect(kernelsIn("/there/is/no/tickbook.json")).toBeUndefined();
  expect((await loadTensorflow()).backend).toBe("native");
  expect(nativeKernels()).toMatch(/^[0-9a-f]{16}$/);
});
