import fc from "fast-check";
import { expect, test } from "vitest";
import { SortedValues } from "./sorted-values.js";

/** Few different numbers, so that many are equal, and −0 and fractions among them. */
const VALUE = fc.integer({ min: -40, max: 40 }).map((x) => x / 8);

test("after any additions and removals, places and ranks are those of a sorted plain array", () => {
  const step = fc.record({ value: VALUE, removes: fc.boolean(), pick: fc.nat() });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 3000, size: "max" }), (steps) => {
      const sorted = new SortedValues();
      const plain: number[] = [];
      for (const { value, removes, pick } of steps) {
        if (removes && plain.length > 0) {
          sorted.remove(plain.splice(pick % plain.length, 1)[0]!);
        } else {
          sorted.add(value);
          plain.push(value);
        }
      }
      const ascending = [...plain].sort((a, b) => a - b);
      expect(sorted.size).toBe(plain.length);
      expect(ascending.every((value, place) => sorted.at(place) === value)).toBe(true);
      expect(sorted.at(plain.length)).toBeNaN();
      for (let x = -6; x <= 6; x += 0.25) {
        expect(sorted.below(x)).toBe(ascending.filter((value) => value < x).length);
        expect(sorted.equal(x)).toBe(ascending.filter((value) => value === x).length);
      }
    }),
    { seed: 7, numRuns: 60 },
  );
});

test("a window that slides over thousands of numbers stays sorted, and begins anew with given ones", () => {
  const values = Float64Array.from({ length: 9000 }, (_, i) => ((i * 7919) % 1009) / 16);
  const sorted = new SortedValues();
  values.forEach((value, i) => {
    sorted.add(value);
    if (i >= 4000) sorted.remove(values[i - 4000]!);
  });
  const expected = values.slice(-4000).sort();
  const found = Float64Array.from({ length: 4000 }, (_, place) => sorted.at(place));
  expect(found).toEqual(expected);
  const fresh = new SortedValues();
  fresh.reset(values.slice(-4000));
  expect(Float64Array.from({ length: 4000 }, (_, place) => fresh.at(place))).toEqual(expected);
  fresh.remove(expected[0]!);
  fresh.add(1e9);
  expect([fresh.size, fresh.at(3999), fresh.below(1e9)]).toEqual([4000, 1e9, 3999]);
});
