import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { scaledRows } from "../../models/predictor.js";
import { NETWORK_CASES, type NetworkName } from "./network-cases.js";
import { inTorchOrder, readNetworkWork, writeNetworkWork } from "./network-work.js";

test.each(Object.keys(NETWORK_CASES) as NetworkName[])(
  "the file of %s holds a batch that is cut from its rows, and no parameter that is zero",
  async (name) => {
    const folder = await mkdtemp(path.join(tmpdir(), "tickbook-network-"));
    try {
      const file = path.join(folder, "work");
      await writeNetworkWork(file, name, { windows: 4, seed: 2 });
      const { network, windows, outcome, inputs, predictor, parameters } =
        await readNetworkWork(file);
      const { steps, inputSize } = network.shape;
      expect([windows.count, outcome.length]).toEqual([4, 4]);
      // Window 3 at step 10 is row 13.
      const row = scaledRows(predictor.scaler, inputs, Uint32Array.of(13));
      const at = (10 * 4 + 3) * inputSize;
      expect(windows.values.subarray(at, at + inputSize)).toEqual(Float32Array.from(row));
      expect(inputs.length).toBe((steps + 3) * inputSize);
      expect(parameters.every((value) => value !== 0)).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

test("a gradient is written array by array, in the order of PyTorch's names", () => {
  const network = NETWORK_CASES.lstm;
  const values = network.fresh(1).map((_, i) => i + 1);
  const arrays = network.toTorch(values);
  const flat = inTorchOrder(network, values);
  expect(flat[0]).toBe(arrays["head.bias"]!.values[0]);
  expect(flat.at(-1)).toBe(arrays["skip.weight"]!.values.at(-1));
  expect(flat.length).toBe(values.length + 2 * 512);
});
