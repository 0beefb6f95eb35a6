// In a file of its own: one process has one TensorFlow.
import { afterAll, expect, test, vi } from "vitest";
import { runCommandLine } from "./test-output.js";

afterAll(() => {
  vi.unstubAllEnvs();
});

test("a device that there is no such kind of exits 2 before anything is loaded", async () => {
  const { code, err } = await runCommandLine("train", "--device", "tpu");
  expect(code).toBe(2);
  expect(err).toMatch(/^tickbook: option '--device <name>' .*'tpu' is invalid.* auto, cpu, gpu/);
  vi.stubEnv("TICKBOOK_DEVICE", "tpu");
  const set = await runCommandLine("doctor");
  vi.unstubAllEnvs();
  expect(set.code).toBe(2);
  expect(set.err).toMatch(
    /^tickbook: TICKBOOK_DEVICE: was "tpu", expected auto, cpu or gpu; it is /,
  );
});

test("a GPU that is asked for where there is none exits 2 with the remedy, and never trains on the CPU", async () => {
  vi.stubEnv("TICKBOOK_DEVICE", "");
  vi.stubEnv("CUDA_VISIBLE_DEVICES", "");
  const { code, out, err } = await runCommandLine("doctor", "--device", "gpu");
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(/^tickbook: device: was "gpu", and .*; run `npm run setup` where .*\n$/);
});
