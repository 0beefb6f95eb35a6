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

test("by hand: what is missing lies as far apart as what a venue has said, where four times tell that", () => {
  expect(missing([25, 26, 27, 31, 32], 24, 34)).toEqual([28, 29, 30, 33, 34]);
  expect(missing([28, 32, 36, 60, 64, 68], 24, 72)).toEqual([40, 44, 48, 52, 56, 72]);
  // Two distances do not tell.
  expect(missing([25, 26, 27], 20, 44)).toEqual([35, 43]);
  // Seconds late; and a rhythm that stored times are too sparse to show is no longer than the usual one.
  expect(missing([25, 26.001, 27.002, 28.003], 24, 30.01)).toEqual([29.003, 30.003]);
  expect(missing([24, 48, 72, 96], 24, 56)).toEqual([32, 40, 56]);
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
