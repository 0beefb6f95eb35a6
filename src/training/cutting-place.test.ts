import { availableParallelism } from "node:os";
import { beforeEach, expect, test, vi } from "vitest";
import { sharedFloats } from "../core/shared-floats.js";
import { bestCuttingPlace } from "./cutting-place.js";

const tensorflow = vi.hoisted(() => ({ gpu: false, threads: 1 }));
vi.mock("../models/tensorflow.js", () => ({ loadTensorflow: async () => tensorflow }));

const cores = availableParallelism();
const plan = { inputs: sharedFloats(6), steps: 2 };
/** Any file that is there. */
const worker = __filename;

beforeEach(() => Object.assign(tensorflow, { gpu: false, threads: cores }));

test("a thread cuts where a core is idle while a step is computed", async () => {
  expect(await bestCuttingPlace(plan, { worker })).toBe("here");
  tensorflow.threads = cores - 1;
  expect(await bestCuttingPlace(plan, { worker })).toEqual({ worker });
  Object.assign(tensorflow, { gpu: true, threads: cores });
  expect(await bestCuttingPlace(plan, { worker })).toEqual({ worker });
});

test("none does where there is no worker, inputs would be copied, or a window is its row", async () => {
  tensorflow.gpu = true;
  expect(await bestCuttingPlace(plan)).toBe("here");
  const copied = { ...plan, inputs: new Float32Array(6) };
  expect(await bestCuttingPlace(copied, { worker })).toBe("here");
  expect(await bestCuttingPlace({ ...plan, steps: 1 }, { worker })).toBe("here");
});
