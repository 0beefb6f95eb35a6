import { expect, test } from "vitest";
import { fitStandardScaler, identityScaler, scaleRow } from "./standard-scaler.js";

const nan = Number.NaN;
// Three inputs, five rows; the last row is not for training.
const inputs = Float32Array.from([1, 10, 5, 2, nan, 5, 3, 30, 5, nan, 20, 5, 900, 900, 900]);
const scaler = fitStandardScaler(inputs, ["a", "b", "c"], Uint32Array.of(0, 1, 2, 3));

test("mean and deviation are those of the present training values, worked by hand", () => {
  expect([...scaler.mean]).toEqual([2, 20, 5]);
  expect(scaler.deviation[0]).toBeCloseTo(Math.sqrt(2 / 3), 12);
  expect(scaler.deviation[1]).toBeCloseTo(Math.sqrt(200 / 3), 12);
  expect(scaler.deviation[2]).toBe(1);
});

test("missing becomes 0, a constant input 0, and outliers are cut at 8", () => {
  const out = new Float64Array(4).fill(7);
  scaleRow(scaler, inputs, 3, out, 1);
  expect([...out]).toEqual([7, 0, 0, 0]);
  scaleRow(scaler, inputs, 4, out, 1);
  expect([...out]).toEqual([7, 8, 8, 8]);
});

test("the identity scaler keeps a value and makes a missing one 0", () => {
  const out = new Float64Array(3);
  scaleRow(identityScaler(3), Float32Array.of(0.5, nan, -3), 0, out, 0);
  expect([...out]).toEqual([0.5, 0, -3]);
});

test("rows outside the training rows change nothing", () => {
  const changed = inputs.slice();
  changed.fill(-1e6, 12);
  expect(fitStandardScaler(changed, ["a", "b", "c"], Uint32Array.of(0, 1, 2, 3))).toEqual(scaler);
});

test("an input without any training value is refused by name", () => {
  expect(() => fitStandardScaler(inputs, ["a", "b", "c"], Uint32Array.of(3))).toThrow(
    /^a: had no value in any of the 1 training rows/,
  );
});
