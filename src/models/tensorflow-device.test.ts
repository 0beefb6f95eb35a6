// In a file of its own: one process has one TensorFlow.
import { expect, test, vi } from "vitest";
import { OptionError } from "../core/errors.js";
import { loadTensorflow } from "./tensorflow.js";

test("a GPU that is asked for where TensorFlow sees none is wrong input, said in one sentence", async () => {
  vi.stubEnv("TICKBOOK_DEVICE", "gpu");
  vi.stubEnv("CUDA_VISIBLE_DEVICES", "");
  const refusal = loadTensorflow();
  await expect(refusal).rejects.toThrow(OptionError);
  await expect(refusal).rejects.toMatchObject({ exitCode: 2 });
  await expect(refusal).rejects.toThrow(
    /^device: was "gpu", and .+; run `npm run setup` .*, or choose auto or cpu$/,
  );
});
