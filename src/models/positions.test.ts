import { expect, test } from "vitest";
import { sinusoidalPositions } from "./positions.js";

test("steps are sines and cosines of falling frequency, also of an odd width", () => {
  const slow = 10_000 ** (-2 / 5);
  const slowest = 10_000 ** (-4 / 5);
  const wanted = [0, 1, 2].flatMap((step) => [
    Math.sin(step),
    Math.cos(step),
    Math.sin(step * slow),
    Math.cos(step * slow),
    Math.sin(step * slowest),
  ]);
  expect(sinusoidalPositions(3, 5)).toEqual(Float32Array.from(wanted));
});
