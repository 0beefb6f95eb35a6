import fc from "fast-check";
import { expect, test } from "vitest";
import { effectiveTrades, type HeldTime } from "./effective-trades.js";

const lot = (openedUs: number, closedUs: number): HeldTime => ({ openedUs, closedUs });

test("lots that do not overlap count in full, and lots of one time as one", () => {
  expect(effectiveTrades([])).toBe(0);
  expect(effectiveTrades([lot(0, 10), lot(10, 20), lot(35, 36)])).toBe(3);
  expect(effectiveTrades([lot(0, 10), lot(0, 10), lot(0, 10)])).toBeCloseTo(1, 12);
  expect(effectiveTrades([lot(5, 5), lot(5, 5), lot(9, 9)])).toBe(2);
});

test("a half that is shared counts half: ½ · 1 + ½ · ½ of both", () => {
  expect(effectiveTrades([lot(0, 10), lot(5, 15)])).toBeCloseTo(1.5, 12);
  // The long one: 8 of 10 alone, 2 shared; the short one shared throughout.
  expect(effectiveTrades([lot(0, 10), lot(4, 6)])).toBeCloseTo(0.8 + 0.1 + 0.5, 12);
  // Closed as it was opened, while another is held.
  expect(effectiveTrades([lot(0, 10), lot(5, 5)])).toBeCloseTo(1.5, 12);
});

test("lots that begin a minute apart and last fifteen are worth one in fifteen, and the ends", () => {
  const lots = Array.from({ length: 1500 }, (_, i) => lot(i, i + 15));
  expect(effectiveTrades(lots)).toBeGreaterThan(1500 / 15);
  expect(effectiveTrades(lots)).toBeLessThan(1500 / 15 + 4);
});

test("they are at least one and at most all, whatever their order and wherever they lie", () => {
  const times = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }));
  fc.assert(
    fc.property(fc.array(times, { minLength: 1, maxLength: 30 }), (pairs) => {
      const lots = pairs.map(([from, length]) => lot(from, from + length));
      const worth = effectiveTrades(lots);
      expect(worth).toBeGreaterThan(1 - 1e-9);
      expect(worth).toBeLessThan(lots.length + 1e-9);
      const moved = lots.map(({ openedUs, closedUs }) => lot(openedUs + 1e15, closedUs + 1e15));
      expect(effectiveTrades(moved.reverse())).toBeCloseTo(worth, 9);
    }),
    { seed: 1, numRuns: 200 },
  );
});
