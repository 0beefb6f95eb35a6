import { expect, test } from "vitest";
import { rankCodes } from "./rank-codes.js";

test("equal values share a place, zero has one sign, and what is missing has none", () => {
  const { code, distinct } = rankCodes(Float64Array.of(3, -0, Number.NaN, 7, 0, 3, -9));
  expect([...code]).toEqual([2, 1, -1, 3, 1, 2, 0]);
  expect(distinct).toBe(4);
});

test("infinite values have their place; a column without values has no places", () => {
  const { code } = rankCodes(
    Float64Array.of(1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  );
  expect([...code]).toEqual([1, 2, 0]);
  expect(rankCodes(Float64Array.of(Number.NaN)).distinct).toBe(0);
  expect(rankCodes(new Float64Array(0))).toEqual({ code: new Int32Array(0), distinct: 0 });
});
