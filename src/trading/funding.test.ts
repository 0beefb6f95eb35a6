import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR_US } from "../core/time.js";
import { missingFunding } from "./funding.js";

function missing(knownHours: readonly number[], fromHour: number, toHour: number): number[] {
  const known = Float64Array.from(knownHours, (hour) => hour * HOUR_US);
  const times = missingFunding(known, { fromUs: fromHour * HOUR_US, toUs: toHour * HOUR_US });
  return Array.from(times, (time) => time / HOUR_US);
}

test("by hand: what is missing lies eight hours apart, at the venue's own hours", () => {
  expect(missing([], 23, 48)).toEqual([24, 32, 40, 48]);
  expect(missing([32], 23, 48)).toEqual([24, 40, 48]);
  expect(missing([24, 48], 24, 48)).toEqual([32, 40]);
  // At 04:00, 12:00 and 20:00.
  expect(missing([28, 52], 20, 61)).toEqual([36, 44, 60]);
  // Every four hours, or a little late: nothing is missing.
  expect(missing([24, 28, 32, 36], 24, 36)).toEqual([]);
  expect(missing([24, 32.0001, 40.0003], 24, 40)).toEqual([]);
  expect(missing([10, 100], 40, 40)).toEqual([]);
});

test("whatever is known, a rhythm of eight hours becomes whole again", () => {
  const settings = fc.record({
    phase: fc.integer({ min: 0, max: 7 }),
    known: fc.uniqueArray(fc.integer({ min: 3, max: 20 }), { minLength: 1, maxLength: 12 }),
    from: fc.integer({ min: 0, max: 60 }),
    span: fc.integer({ min: 0, max: 120 }),
  });
  fc.assert(
    fc.property(settings, ({ phase, known, from, span }) => {
      const said = known.sort((a, b) => a - b).map((k) => 8 * k + phase);
      const isIn = (hour: number): boolean => hour > from && hour <= from + span;
      const all = [...said.filter(isIn), ...missing(said, from, from + span)].sort((a, b) => a - b);
      const whole = Array.from({ length: 40 }, (_, k) => 8 * k + phase).filter(isIn);
      expect(all).toEqual(whole);
    }),
    { seed: 43 },
  );
});
