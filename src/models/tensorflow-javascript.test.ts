// In a file of its own: one process has one TensorFlow.
import { expect, test, vi } from "vitest";
import { loadTensorflow } from "./tensorflow.js";

test("without the native library the JavaScript backend serves quietly and says why", async () => {
  vi.stubEnv("TICKBOOK_TENSORFLOW", "javascript");
  const warn = vi.spyOn(console, "warn");
  const { tf, backend, reason } = await loadTensorflow();
  const product = tf.tidy(() => Array.from(tf.matMul([[1, 2]], [[3], [4]]).dataSync()));
  expect(product).toEqual([11]);
  expect(backend).toBe("javascript");
  expect(reason).toContain("JavaScript");
  expect(warn).not.toHaveBeenCalled();
});
