import { expect, test } from "vitest";
import { adamStart, adamStep, clipNorm } from "./adam.js";

test("the first step goes the rate against the gradient's sign, whatever its size", () => {
  const parameters = Float32Array.of(1, 1, 1);
  adamStep(adamStart(3), parameters, Float32Array.of(1e-3, -50, 0), 0.1, new Float32Array(3));
  expect(parameters[0]).toBeCloseTo(0.9, 4);
  expect(parameters[1]).toBeCloseTo(1.1, 4);
  expect(parameters[2]).toBe(1);
});

test("two steps agree with the paper's formulas worked by hand", () => {
  const state = adamStart(1);
  const parameters = Float32Array.of(0);
  for (const g of [1, 3]) adamStep(state, parameters, Float32Array.of(g), 0.1, Float32Array.of(0));
  // m̂ = (0.9·0.1 + 0.3)/0.19, v̂ = (0.999·0.001 + 0.009)/0.001999
  const second = 0.39 / 0.19 / Math.sqrt(0.009999 / 0.001999);
  expect(parameters[0]).toBeCloseTo(-0.1 * (1 + second), 6);
});

test("decay pulls a parameter to 0 where it applies, without a gradient", () => {
  const parameters = Float32Array.of(2, 2);
  const state = adamStart(2);
  adamStep(state, parameters, new Float32Array(2), 0.1, Float32Array.of(0.5, 0));
  expect([...parameters].map((p) => Number(p.toFixed(6)))).toEqual([1.9, 2]);
});

test("a gradient that is too long is shortened and keeps its direction; a short one stays, and the length it had is told", () => {
  const long = Float32Array.of(3, 4);
  expect(clipNorm(long, 1)).toBe(5);
  expect(long[0]).toBeCloseTo(0.6, 6);
  expect(long[1]).toBeCloseTo(0.8, 6);
  const short = Float32Array.of(0.3, 0.4);
  expect(clipNorm(short, 1)).toBeCloseTo(0.5, 6);
  expect(short).toEqual(Float32Array.of(0.3, 0.4));
});
