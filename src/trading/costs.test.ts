import { expect, test } from "vitest";
import { DAY_US, dayStartUs, formatUtc, HOUR_US } from "../core/time.js";
import { COST_PRESETS, sideCostBps } from "./costs.js";
import { expectedFundingBps, scheduledFundingTimes } from "./funding.js";

test("a side costs the fee and half the spread, the preset's where there is no book", () => {
  expect(sideCostBps(COST_PRESETS.ftmo, 0.5)).toBe(3.75);
  expect(sideCostBps(COST_PRESETS.ftmo, Number.NaN)).toBe(5.25);
});

test("only a perpetual pays funding", () => {
  const paying = Object.entries(COST_PRESETS).filter(
    ([, { defaultFundingRate }]) => defaultFundingRate,
  );
  expect(paying.map(([name]) => name)).toEqual(["perpetual"]);
});

test("a long position pays the preset's funding at each time that it is held over, and a short one receives it", () => {
  const startUs = dayStartUs("2024-03-01");
  const { perpetual, spot } = COST_PRESETS;
  for (const [from, to] of [
    [0, 24],
    [-1, 0],
    [0, 7.9],
    [7, 11],
  ] as const) {
    const held = { fromUs: startUs + from * HOUR_US, toUs: startUs + to * HOUR_US };
    const due = scheduledFundingTimes(held.fromUs, held.toUs).length;
    expect(expectedFundingBps(perpetual, 1, held)).toBeCloseTo(due, 12);
    expect(expectedFundingBps(perpetual, -1, held)).toBeCloseTo(-due, 12);
    expect(expectedFundingBps(spot, 1, held)).toBe(0);
  }
});

test("funding falls due at 00:00, 08:00 and 16:00 UTC, after the first time and up to the last", () => {
  const startUs = dayStartUs("2024-03-01");
  expect(Array.from(scheduledFundingTimes(startUs, startUs + DAY_US), formatUtc)).toEqual([
    "2024-03-01 08:00:00",
    "2024-03-01 16:00:00",
    "2024-03-02 00:00:00",
  ]);
  expect(scheduledFundingTimes(startUs, startUs + 7 * HOUR_US)).toHaveLength(0);
  expect(scheduledFundingTimes(startUs - 1, startUs)).toHaveLength(1);
});
