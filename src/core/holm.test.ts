import fc from "fast-check";
import { expect, test } from "vitest";
import { holdTogether } from "./holm.js";

test("by hand: what is behind the first that fails does not hold, though alone it would", () => {
  // 0.05/4, 0.05/3, 0.05/2: 0.01 and 0.016 pass, 0.026 does not, and nothing behind it may.
  expect(holdTogether([0.016, 0.03, 0.01, 0.026], 0.05)).toEqual([true, false, true, false]);
  expect(holdTogether([], 0.05)).toEqual([]);
});

test("one alone is held against the level, and what is not known holds never and counts for nothing", () => {
  expect(holdTogether([0.05], 0.05)).toEqual([true]);
  expect(holdTogether([Number.NaN, 0.05, Number.NaN], 0.05)).toEqual([false, true, false]);
  expect(holdTogether([0.05, 0.5], 0.05)).toEqual([false, false]);
});

test("with more beside it nothing holds that did not before, and what Bonferroni keeps is kept", () => {
  const chances = fc.array(fc.double({ min: 0, max: 0.1, noNaN: true }), { maxLength: 12 });
  fc.assert(
    fc.property(chances, fc.double({ min: 0, max: 1, noNaN: true }), (some, another) => {
      const before = holdTogether(some, 0.05);
      const after = holdTogether([...some, another], 0.05).slice(0, some.length);
      after.forEach((holds, i) => {
        if (holds) expect(before[i]).toBe(true);
        if (some[i]! <= 0.05 / (some.length + 1)) expect(holds).toBe(true);
      });
    }),
    { seed: 2, numRuns: 300 },
  );
});
