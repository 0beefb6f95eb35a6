import { expect, test } from "vitest";
import { largestRelative, relativeDistance } from "./same-work.js";

test("losses differ by the largest share of the rival's", () => {
  expect(largestRelative([1, 2.2, -3], [1, 2, -4])).toBeCloseTo(0.25, 12);
});

test("gradients differ by the length of their difference over the rival's", () => {
  const theirs = Float32Array.of(0, 3, 4);
  expect(relativeDistance(theirs, theirs)).toBe(0);
  expect(relativeDistance(Float32Array.of(0, 3, 4.5), theirs)).toBeCloseTo(0.1, 7);
  expect(
    relativeDistance(
      theirs.map((g) => -g),
      theirs,
    ),
  ).toBe(2);
});

test("other lengths, or a value that is no number, are never the same", () => {
  expect(() => largestRelative([1], [1, 2])).toThrow(/1 values beside 2/);
  expect(() => relativeDistance(Float32Array.of(1), Float32Array.of(1, 1))).toThrow(/beside 2/);
  expect(largestRelative([Number.NaN], [1])).toBeNaN();
  expect(relativeDistance(Float32Array.of(Number.NaN), Float32Array.of(1))).toBeNaN();
});
