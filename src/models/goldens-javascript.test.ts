// In a file of its own: one process has one TensorFlow.
import { beforeAll, vi } from "vitest";
import { testAgainstPytorch } from "./test-golden-tests.js";

beforeAll(() => {
  vi.stubEnv("TICKBOOK_TENSORFLOW", "javascript");
});

testAgainstPytorch();
