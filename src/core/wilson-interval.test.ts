import { expect, test } from "vitest";
import { normalQuantile } from "./normal-quantile.js";
import { wilsonInterval } from "./wilson-interval.js";

test("by hand: 81 of 263 is 0.3080 with 0.2553 to 0.3662, as in Newcombe (1998), table I", () => {
  const { estimate, lower, upper } = wilsonInterval(81, 263);
  expect(estimate).toBeCloseTo(81 / 263, 15);
  expect([lower, upper].map((end) => end.toFixed(4))).toEqual(["0.2553", "0.3662"]);
});

test("the ends are the shares whose own deviation the estimate is z away from", () => {
  for (const [successes, tries, level] of [
    [60, 100, 0.95],
    [1, 7, 0.9],
    [2999, 3000, 0.99],
  ] as const) {
    const { estimate, lower, upper } = wilsonInterval(successes, tries, { level });
    for (const end of [lower, upper]) {
      const z = Math.abs(estimate - end) / Math.sqrt((end * (1 - end)) / tries);
      expect(z).toBeCloseTo(normalQuantile((1 + level) / 2), 9);
    }
    expect(lower < estimate && estimate < upper).toBe(true);
  }
});

test("none and all of the tries leave one end at 0 and 1, and nothing tried leaves all open", () => {
  expect(wilsonInterval(0, 50).lower).toBe(0);
  // z²/(n + z²)
  expect(wilsonInterval(0, 50).upper).toBeCloseTo(0.0713476, 7);
  expect(wilsonInterval(50, 50)).toEqual({
    estimate: 1,
    lower: expect.closeTo(1 - 0.0713476, 7),
    upper: 1,
  });
  expect(wilsonInterval(0, 0)).toEqual({ estimate: Number.NaN, lower: 0, upper: 1 });
});
