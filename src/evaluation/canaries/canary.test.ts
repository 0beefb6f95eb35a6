import { expect, test } from "vitest";
import { isShortfall } from "../../core/shortfall.js";
import { heldAgainstLuck, heldToChance, type Luck } from "./canary.js";

/** How far from one half is still right, found by halving. */
function limitOf(luck: Luck): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    const held = heldAgainstLuck(middle, luck);
    if (isShortfall(held)) throw new Error(held.what);
    if (held.isRight) low = middle;
    else high = middle;
  }
  return low / luck.standardError;
}

/** Chance that a normal figure lies farther than four standard errors from 0. */
const TAILS = 6.334248366623985e-5;

test("the limit of a score that must be one half is Student's t, four standard errors over many blocks of time", () => {
  const limits = [2, 3, 9, 39, 998].map((freedom) => limitOf({ standardError: 1e-3, freedom }));
  // Of two degrees by its closed form, P = 1 − t / √(2 + t²).
  expect(limits[0]).toBeCloseTo((1 - TAILS) * Math.sqrt(2 / (TAILS * (2 - TAILS))), 4);
  expect(limits.map((limit) => limit.toFixed(1))).toEqual(["125.6", "32.6", "7.0", "4.5", "4.0"]);
  expect(heldAgainstLuck(0, { standardError: 0.02, freedom: 9.3 })).toMatchObject({
    rule: "accuracy within 6.9 standard errors of ½ (9 degrees of freedom: as rare by luck as 4 of many blocks of time)",
    isRight: true,
  });
});

test("where a leak that makes all rows right would be within the limit, nothing is right: what is missing is said", () => {
  const held = heldAgainstLuck(0.1, { standardError: 0.02, freedom: 2 });
  // Of four degrees the limit is 17.45 · 0.02 · √(2/4) = 0.25, of three 32.62 · 0.02 · √(2/3) = 0.53.
  expect(held).toMatchObject({ kind: "shortfall", has: 2, needs: 4 });
});

test("a score or an error that is no number is not right", () => {
  for (const [above, standardError] of [
    [Number.NaN, 0.01],
    [0, Number.NaN],
  ] as const) {
    expect(heldAgainstLuck(above, { standardError, freedom: 20 })).toMatchObject({
      isRight: false,
    });
    expect(heldToChance(above, standardError).isRight).toBe(false);
  }
});
