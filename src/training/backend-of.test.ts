import { afterEach, expect, test } from "vitest";
import { loadTensorflow, nativeKernels } from "../models/tensorflow.js";
import { backendOf } from "./fit-or-load.js";
import { LOGISTIC_SETTINGS, LSTM_SETTINGS } from "./settings.js";

const { TICKBOOK_PROCESSOR: before } = process.env;
afterEach(() => {
  if (before === undefined) delete process.env["TICKBOOK_PROCESSOR"];
  else process.env["TICKBOOK_PROCESSOR"] = before;
});

test("a trial says what decides its last bits: threads, and how many numbers are added at once", async () => {
  const { backend, gpu, device } = await loadTensorflow();
  const own = await backendOf(LOGISTIC_SETTINGS);
  // The device of a processor is called by just that.
  if (backend === "native" && !gpu) expect(own).toContain(device.replace("CPU", ""));
  else expect(own).toMatch(gpu ? / on GPU, / : /^javascript \S+$/);
});

test("kernels of a lesser processor are others, of what they compute alone", async () => {
  const { backend } = await loadTensorflow();
  const isOfKernels = backend === "native" && nativeKernels() !== undefined;
  delete process.env["TICKBOOK_PROCESSOR"];
  const [line, network] = [await backendOf(LOGISTIC_SETTINGS), await backendOf(LSTM_SETTINGS)];
  for (const processor of ["plain", ""]) {
    process.env["TICKBOOK_PROCESSOR"] = processor;
    expect(await backendOf(LOGISTIC_SETTINGS)).toBe(line);
    expect(await backendOf(LSTM_SETTINGS)).toBe(isOfKernels ? `${network} for plain` : network);
  }
});
