import { expect, test } from "vitest";
import { afterTrade, type CooldownState, isCoolingDown, NO_LOSSES } from "./cooldown.js";

const MINUTE = 60e6;
const SETTINGS = { lossesInARow: 3, lossUsd: 500, windowMinutes: 60, bars: 4, barUs: MINUTE };

/** State after trades, given as minute and profit. */
function traded(
  ...trades: readonly (readonly [minute: number, profitUsd: number])[]
): CooldownState {
  return trades.reduce(
    (state, [minute, profitUsd]) =>
      afterTrade(SETTINGS, state, { closedUs: minute * MINUTE, profitUsd }),
    NO_LOSSES,
  );
}

test("three losses in a row stop entries for four bars, whose ends come after the last", () => {
  const state = traded([1, -10], [2, -10], [3.5, -10]);
  expect([3, 4, 5, 6, 7, 8].map((bar) => isCoolingDown(state, bar * MINUTE))).toEqual([
    ...[true, true, true, true, true, false],
  ]);
  expect(isCoolingDown(traded([1, -10], [2, -10], [3, 0], [4, -10]), 4 * MINUTE)).toBe(false);
});

test("a loss of 500 within an hour stops entries, gains count against it, what is older does not count", () => {
  expect(traded([1, -300], [2, -200]).untilUs).toBe(6 * MINUTE);
  expect(traded([1, -300], [2, 100], [3, -200]).untilUs).toBeNull();
  expect(traded([1, -300], [61, -200]).untilUs).toBeNull();
  expect(traded([1, -300], [60.9, -200]).untilUs).toBeCloseTo(64.9 * MINUTE, 0);
});

test("losses that stopped entries once do not stop them again", () => {
  const again = traded([1, -10], [2, -10], [3, -10], [9, -10], [10, -10]);
  expect(again).toMatchObject({ lossesInARow: 2, untilUs: 7 * MINUTE });
  expect(traded([1, -600], [2, -10]).untilUs).toBe(5 * MINUTE);
});

test("zeros turn rules off, and the state is plain JSON", () => {
  const off = { ...SETTINGS, lossesInARow: 0, lossUsd: 0 };
  const state = afterTrade(off, NO_LOSSES, { closedUs: 5, profitUsd: -1e9 });
  expect(state.untilUs).toBeNull();
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
});
