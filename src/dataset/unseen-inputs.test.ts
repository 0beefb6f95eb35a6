import { expect, test } from "vitest";
import { testDataset } from "../training/test-dataset.js";
import { requireSeenInputs } from "./unseen-inputs.js";

const dataset = testDataset(50, () => 0.5);
const without = (name: number, from: number, to: number) => ({
  ...dataset,
  inputs: dataset.inputs.map((value, i) =>
    i % 3 === name && Math.floor(i / 3) >= from && Math.floor(i / 3) < to ? Number.NaN : value,
  ),
});

test("an input that a symbol never has is named with the symbol and its rows", () => {
  expect(() => requireSeenInputs(without(1, 50, 100))).toThrow(
    /simulated ETHUSDT, second: had no value in any of the 50 rows/,
  );
});

test("one value in each symbol is enough", () => {
  expect(() => requireSeenInputs(without(1, 1, 49))).not.toThrow();
  expect(() => requireSeenInputs(dataset)).not.toThrow();
});
