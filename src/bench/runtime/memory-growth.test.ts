import { expect, test } from "vitest";
import { memoryGrowth } from "./memory-growth.js";

test("memory that grows by so much with each look has that slope, whatever the first looks were", () => {
  const looks = [10, 90, 20, 100, 103, 106, 109, 112, 115, 118, 121, 124];
  expect(memoryGrowth(looks)).toEqual({ slope: 3, from: 3 });
});

test("one look while something passes changes no slope", () => {
  const looks = Array.from({ length: 20 }, (_, i) => (i === 12 ? 500 : 100 + i / 4));
  expect(memoryGrowth(looks).slope).toBeCloseTo(0.25, 12);
});

test("the slope is the middle one of all pairs", () => {
  // Pairs of 0, 1, 5: 1, 5/2, 4.
  expect(memoryGrowth([7, 0, 1, 5])).toEqual({ slope: 2.5, from: 1 });
});

test("too few looks have no slope", () => {
  expect([memoryGrowth([]).slope, memoryGrowth([3]).slope, memoryGrowth([3, 9]).slope]).toEqual([
    null,
    null,
    null,
  ]);
});
