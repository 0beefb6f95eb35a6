import { expect, test } from "vitest";
import type { DeviceChoice } from "../core/settings.js";
import { showOneGpu } from "./visible-gpu.js";

function shown(choice: DeviceChoice, visible?: string): string | undefined {
  const environment: NodeJS.ProcessEnv = {};
  if (visible !== undefined) environment["CUDA_VISIBLE_DEVICES"] = visible;
  showOneGpu(choice, environment);
  return environment["CUDA_VISIBLE_DEVICES"];
}

test("TensorFlow is shown the first GPU that CUDA_VISIBLE_DEVICES names, without it CUDA's first", () => {
  expect(shown("auto")).toBe("0");
  expect(shown("gpu", "3, 1")).toBe("3");
  expect(shown("auto", "GPU-5a1c")).toBe("GPU-5a1c");
});

test("GPUs that CUDA_VISIBLE_DEVICES hides stay hidden, also where one is asked for", () => {
  expect(shown("gpu", "")).toBe("");
  expect(shown("auto", "-1")).toBe("-1");
});

test("the CPU is asked for by hiding every GPU", () => {
  expect(shown("cpu")).toBe("-1");
  expect(shown("cpu", "0,1")).toBe("-1");
});

test("memory of a GPU is taken as it is needed, unless somebody wants it whole", () => {
  const environment: NodeJS.ProcessEnv = {};
  showOneGpu("auto", environment);
  expect(environment["TF_FORCE_GPU_ALLOW_GROWTH"]).toBe("true");
  const whole = { TF_FORCE_GPU_ALLOW_GROWTH: "false" };
  showOneGpu("auto", whole);
  expect(whole.TF_FORCE_GPU_ALLOW_GROWTH).toBe("false");
});
