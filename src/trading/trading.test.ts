import fc from "fast-check";
import { expect, test } from "vitest";
import { COST_PRESETS, sideCostBps } from "./costs.js";
import { Tranches } from "./tranches.js";

test("the position is the mean side of the last horizon's probabilities", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.constantFrom(0.1, 0.5, 0.7, Number.NaN), { minLength: 1, maxLength: 60 }),
      (horizon, probabilities) => {
        const tranches = new Tranches(horizon);
        probabilities.forEach((probability, i) => {
          const last = probabilities.slice(Math.max(0, i + 1 - horizon), i + 1);
          const sides = last.map((p) => (p > 0.5 ? 1 : p < 0.5 ? -1 : 0) as number);
          const expected = sides.reduce((sum, side) => sum + side, 0) / horizon;
          expect(tranches.update(probability)).toBeCloseTo(expected, 12);
        });
      },
    ),
    { seed: 41 },
  );
});

test("a side costs the fee and half the spread, the preset's where there is no book", () => {
  expect(sideCostBps(COST_PRESETS.ftmo, 0.5)).toBe(3.75);
  expect(sideCostBps(COST_PRESETS.ftmo, Number.NaN)).toBe(5.25);
});
