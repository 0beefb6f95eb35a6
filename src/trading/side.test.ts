import { expect, test } from "vitest";
import { sideOf } from "./side.js";

test("the more probable side is traded, one half and NaN are not", () => {
  expect([0.51, 0.49, 0.5, Number.NaN].map((p) => sideOf(p))).toEqual([1, -1, 0, 0]);
});

test("a threshold trades what lies that far from one half or farther", () => {
  expect([0.625, 0.624, 0.375, 0.376, 1, 0].map((p) => sideOf(p, 0.125))).toEqual([
    1, 0, -1, 0, 1, -1,
  ]);
});
