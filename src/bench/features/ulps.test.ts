import { expect, test } from "vitest";
import { ulpsBetween } from "./ulps.js";

test("ulps count the steps from one double to another, also through zero", () => {
  expect(ulpsBetween(1, 1 + Number.EPSILON)).toBe(1);
  expect(ulpsBetween(1, 1 - Number.EPSILON)).toBe(2);
  expect(ulpsBetween(-1 - 2 * Number.EPSILON, -1)).toBe(2);
  expect(ulpsBetween(-Number.MIN_VALUE, Number.MIN_VALUE)).toBe(2);
  expect(ulpsBetween(3, 3)).toBe(0);
});

test("zeros of two signs are not the same bits, and what is missing once is infinitely far away", () => {
  expect(ulpsBetween(0, -0)).toBe(1);
  expect(ulpsBetween(Number.NaN, Number.NaN)).toBe(0);
  expect(ulpsBetween(Number.NaN, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(ulpsBetween(0, Number.NaN)).toBe(Number.POSITIVE_INFINITY);
});
