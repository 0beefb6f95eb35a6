// Do FTMO's own examples come out as its pages say? Numbers are worked by hand.
import { expect, test } from "vitest";
import { RULES_PRESETS } from "./account-rules.js";
import { nextPhase } from "./account-state.js";
import { accountFloors } from "./floors.js";
import { stepAccount } from "./step-account.js";
import { after, opened, prague, seen, swap } from "./test-account.js";

const TWO_STEP = RULES_PRESETS["ftmo-two-step"];
const ONE_STEP = RULES_PRESETS["ftmo-one-step"];
/** Four trades on four days, with the balance after each. */
const traded = (...balances: readonly number[]) =>
  balances.flatMap((balance, i) => [
    opened(`2024-03-0${4 + i} 10:00`),
    seen(`2024-03-0${4 + i} 12:00`, balance),
  ]);

test("a balance of 92,000 with 2,001 floating loss breaks the maximum loss, with 2,000 it does not", () => {
  const days = [seen("2024-03-04 20:00", 96_000), seen("2024-03-05 20:00", 92_000)];
  const fine = after(TWO_STEP, ...days, seen("2024-03-06 10:00", 92_000, -2000));
  expect(fine.status).toBe("active");
  expect(accountFloors(TWO_STEP, fine)).toMatchObject({
    dailyUsd: 87_000,
    maximumUsd: 90_000,
    rule: "maximum-loss",
    headroomUsd: 0,
  });
  expect(after(TWO_STEP, ...days, seen("2024-03-06 10:00", 92_000, -2001)).failure).toEqual({
    rule: "maximum-loss",
    atUs: prague("2024-03-06 10:00"),
    equityUsd: 89_999,
    floorUsd: 90_000,
  });
});

test("4,000 closed and 13,000 floating loss on 200,000 are fine at 23:59:59 and break the daily loss at 00:00", () => {
  const rules = { ...TWO_STEP, initialUsd: 200_000 };
  // 204,000 − 13,000 = 191,000: above 200,000 − 10,000, below 204,000 − 10,000.
  const late = after(rules, seen("2024-03-04 23:59:59", 204_000, -13_000));
  expect(late.status).toBe("active");
  expect(accountFloors(rules, late)).toMatchObject({
    headroomUsd: 1000,
    afterMidnight: { dailyUsd: 194_000, headroomUsd: -3000, rule: "daily-loss" },
  });
  const next = seen("2024-03-05 08:00", 204_000, -2000);
  expect(stepAccount(rules, late, next).failure).toEqual({
    rule: "daily-loss",
    atUs: prague("2024-03-05 00:00"),
    equityUsd: 191_000,
    floorUsd: 194_000,
  });
});

test("the first day's floor is 95 % of the capital whatever was won, to the cent", () => {
  const won = seen("2024-03-04 11:00", 103_000);
  expect(after(TWO_STEP, won, seen("2024-03-04 12:00", 103_000, -8000)).status).toBe("active");
  expect(after(TWO_STEP, won, seen("2024-03-04 12:00", 103_000, -8000.01)).failure).toMatchObject({
    rule: "daily-loss",
    equityUsd: 94_999.99,
    floorUsd: 95_000,
  });
});

test("the daily floor moves up and down with the balance at midnight", () => {
  const won = after(TWO_STEP, seen("2024-03-04 20:00", 102_500), seen("2024-03-05 01:00", 102_600));
  expect(accountFloors(TWO_STEP, won).dailyUsd).toBe(97_500);
  const lost = [seen("2024-03-05 20:00", 99_000), seen("2024-03-06 01:00", 99_000, -1)];
  const state = lost.reduce((now, event) => stepAccount(TWO_STEP, now, event), won);
  expect(accountFloors(TWO_STEP, state).dailyUsd).toBe(94_000);
});

test("a day ends at Prague's midnight: 22:00 UTC in summer and 23:00 in winter, on days of 23 and 25 hours too", () => {
  for (const [eve, hoursLong] of [
    ["2024-03-31", 23],
    ["2024-10-27", 25],
    ["2024-03-30", 24],
  ] as const) {
    const state = after(TWO_STEP, seen(`${eve} 00:00`, 101_000));
    expect(state.date).toBe(eve);
    expect(state.dayEndUs - prague(`${eve} 00:00`)).toBe(hoursLong * 3600e6);
    const before = { ...seen("2024-01-01 00:00", 101_000, -1), atUs: state.dayEndUs - 1 };
    expect(stepAccount(TWO_STEP, state, before).anchorCents).toBe(100_000_00);
    const at = { ...before, atUs: state.dayEndUs };
    expect(stepAccount(TWO_STEP, state, at).anchorCents).toBe(101_000_00);
  }
});

test("at midnight swaps are booked first, then the anchor is set, then the equity is tested", () => {
  const late = seen("2024-03-04 23:00", 100_000, -5000);
  // Anchor 99,900 allows 94,900, which 94,900 equals; anchored before the swap, it would have been 95,000.
  const swaps = [swap("2024-03-05 00:00", -60), swap("2024-03-05 00:00", -40)];
  const state = after(TWO_STEP, late, ...swaps, opened("2024-03-05 00:00"));
  expect(state).toMatchObject({
    status: "active",
    anchorCents: 99_900_00,
    equityCents: 94_900_00,
    dailyFloorCents: 94_900_00,
  });
  expect(after(TWO_STEP, late, swap("2024-03-04 23:59:59", -100)).failure).toMatchObject({
    rule: "daily-loss",
    equityUsd: 94_900,
    floorUsd: 95_000,
  });
});

test("the first of several midnights without news breaks the rule, at its own time", () => {
  const state = after(
    TWO_STEP,
    seen("2024-03-08 22:00", 104_000, -8000),
    seen("2024-03-11 09:00", 104_000, -1000),
  );
  expect(state.failure).toMatchObject({ atUs: prague("2024-03-09 00:00"), floorUsd: 99_000 });
});

test("passed is the first flat instant with the target and four days on which a position was opened", () => {
  const three = after(TWO_STEP, ...traded(103_000, 107_000, 110_000));
  expect(three).toMatchObject({ status: "active", openedDays: 3 });
  const fourth = stepAccount(TWO_STEP, three, opened("2024-03-07 10:00"));
  expect(fourth).toMatchObject({ status: "active", openedDays: 4 });
  const open = stepAccount(TWO_STEP, fourth, seen("2024-03-07 10:00", 110_000, 5000));
  expect(open.status).toBe("active");
  const short = stepAccount(TWO_STEP, open, seen("2024-03-07 11:00", 109_999.99));
  expect(short.status).toBe("active");
  const passed = stepAccount(TWO_STEP, open, seen("2024-03-07 11:00", 110_000));
  expect(passed).toMatchObject({ status: "passed", passedUs: prague("2024-03-07 11:00") });
});

test("days on which a position is only held do not count, nor does a second trade of a day", () => {
  const events = [
    opened("2024-03-04 10:00"),
    seen("2024-03-04 10:00", 100_000, -5),
    opened("2024-03-04 11:00"),
    seen("2024-03-09 10:00", 100_000, 9000),
    opened("2024-03-09 10:00"),
    seen("2024-03-11 10:00", 112_000),
  ];
  expect(after(TWO_STEP, ...events)).toMatchObject({ status: "active", openedDays: 2 });
});

test("verification begins anew with the capital and wants half of the profit, the funded account wants none", () => {
  const passed = after(TWO_STEP, ...traded(103_000, 106_000, 109_000, 111_000));
  const second = nextPhase(TWO_STEP, passed, prague("2024-03-08 08:00"));
  expect(second).toMatchObject({
    phase: "verification",
    status: "active",
    balanceCents: 100_000_00,
    anchorCents: 100_000_00,
    openedDays: 0,
    passedUs: null,
  });
  const days = ["2024-03-11", "2024-03-12", "2024-03-13", "2024-03-14"];
  const state = days
    .flatMap((day, i) => [opened(`${day} 10:00`), seen(`${day} 12:00`, 101_250 + 1250 * i)])
    .reduce((now, event) => stepAccount(TWO_STEP, now, event), second);
  expect(state).toMatchObject({ status: "passed", passedUs: prague("2024-03-14 12:00") });
  const funded = nextPhase(TWO_STEP, state, prague("2024-03-15 08:00"));
  const rich = stepAccount(TWO_STEP, funded, seen("2024-03-15 09:00", 150_000));
  expect([rich.phase, rich.status]).toEqual(["funded", "active"]);
  expect(() => nextPhase(TWO_STEP, rich, rich.atUs)).toThrow(
    "phase: was funded, which is the last",
  );
});

test.each([
  ["ftmo-funded", "ftmo-two-step"],
  ["ftmo-funded-swing", "ftmo-two-step-swing"],
] as const)("%s is what %s leads to, begun at once, and nothing passes it", (preset, steps) => {
  const rules = RULES_PRESETS[preset];
  const { name: _, phases, ...same } = RULES_PRESETS[steps];
  expect(rules).toMatchObject(same);
  expect(rules.phases).toEqual(phases.slice(-1));
  const rich = after(rules, opened("2024-03-04 10:00"), seen("2024-03-04 12:00", 150_000));
  expect([rich.phase, rich.status]).toEqual(["funded", "active"]);
  const next = seen("2024-03-05 09:00", 150_000, -5000.01);
  expect(stepAccount(rules, rich, next).failure).toMatchObject({
    rule: "daily-loss",
    floorUsd: 145_000,
  });
});

test("one-step: the maximum floor follows the highest end-of-day balance, only up, beyond the capital too", () => {
  const floor = (...events: Parameters<typeof after>[1][]): number =>
    accountFloors(ONE_STEP, after(ONE_STEP, ...events)).maximumUsd;
  const days = [
    seen("2024-03-04 20:00", 104_000),
    seen("2024-03-05 20:00", 102_000),
    seen("2024-03-06 20:00", 104_900),
    seen("2024-03-07 20:00", 107_000),
  ];
  // Within the day nothing follows, and 102,000 does not lower what 104,000 raised.
  expect(floor(days[0]!)).toBe(90_000);
  expect(floor(...days.slice(0, 2))).toBe(94_000);
  expect(floor(...days.slice(0, 3))).toBe(94_000);
  expect(floor(...days)).toBe(94_900);
  const high = [seen("2024-03-08 20:00", 109_900), seen("2024-03-11 20:00", 112_800, -1)];
  expect(floor(...days, ...high, seen("2024-03-12 20:00", 112_800, -2))).toBe(102_800);
});

test("one-step: a best day above half of the profit delays passing and does not fail", () => {
  const opening = [opened("2024-03-04 10:00"), seen("2024-03-04 12:00", 106_000)];
  const target = after(ONE_STEP, ...opening, seen("2024-03-05 12:00", 110_000));
  expect(target.status).toBe("active");
  expect(stepAccount(ONE_STEP, target, seen("2024-03-06 12:00", 111_999.99)).status).toBe("active");
  expect(stepAccount(ONE_STEP, target, seen("2024-03-06 12:00", 112_000)).status).toBe("passed");
});
