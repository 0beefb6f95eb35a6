import { expect, test } from "vitest";
import { concatenate, requireSameLength } from "./columns.js";
import { ShapeError } from "./errors.js";

test("columns of one length give it; a longer one is named with both lengths", () => {
  expect(requireSameLength({ price: new Float64Array(3), amount: new Float64Array(3) })).toBe(3);
  expect(requireSameLength({})).toBe(0);
  const check = (): number =>
    requireSameLength({ price: new Float64Array(3), amount: new Float64Array(4) });
  expect(check).toThrow(ShapeError);
  expect(check).toThrow('amount: had 4 rows, expected 3 as in "price"');
});

test("columns one after the other keep their order; none give an empty one", () => {
  expect([...concatenate([Float64Array.of(1, 2), Float64Array.of(), Float64Array.of(3)])]).toEqual([
    1, 2, 3,
  ]);
  expect(concatenate([])).toHaveLength(0);
});
