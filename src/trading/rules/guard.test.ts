import { expect, test } from "vitest";
import { seededRandom } from "../../core/random.js";
import { RULES_PRESETS } from "./account-rules.js";
import type { AccountState } from "./account-state.js";
import type { Position } from "./exposure.js";
import {
  GUARD_SETTINGS,
  type Guarded,
  type GuardVerdict,
  guardAccount,
  guardedAmount,
  NO_BLOCK,
} from "./guard.js";
import { after, opened, prague, seen } from "./test-account.js";
import { GuardedTrader } from "./test-guarded-trader.js";

const RULES = RULES_PRESETS["ftmo-two-step"];
const NOON = "2024-03-04 12:00";
const FLAT: readonly Position[] = [];
/** A long position that a move of 3 % costs 300 dollars. */
const LONG: readonly Position[] = [{ symbol: "BTCUSDT", amount: 0.2, price: 50_000 }];

function ask(
  account: AccountState,
  positions: readonly Position[],
  more: Partial<Guarded> = {},
): GuardVerdict {
  const guarded = { account, guard: NO_BLOCK, positions, atUs: account.atUs, ...more };
  return guardAccount(RULES, GUARD_SETTINGS, guarded);
}

test("by hand: with 1,250 left of 5,000 entries end, with 500 all is closed until midnight", () => {
  const at = (equity: number): GuardVerdict => ask(after(RULES, seen(NOON, equity)), FLAT);
  expect(at(96_250).action).toBe("ok");
  expect(at(96_249.99)).toMatchObject({
    action: "reduce-only",
    reason: "little left of the day's allowance",
  });
  expect(at(95_500).action).toBe("reduce-only");
  expect(at(95_499.99)).toMatchObject({
    action: "flatten",
    reason: "near the daily loss",
    untilUs: prague("2024-03-05 00:00"),
  });
});

test("a block holds through recoveries and restarts until local midnight, and then ends", () => {
  const low = after(RULES, seen(NOON, 95_400));
  const { state } = ask(low, FLAT);
  const guard = JSON.parse(JSON.stringify(state)) as typeof state;
  const better = after(RULES, seen(NOON, 95_400), seen("2024-03-04 20:00", 99_000));
  const blocked = ask(better, FLAT, { guard });
  expect(blocked).toMatchObject({ action: "flatten", reason: "near the daily loss" });
  expect(blocked.state).toBe(guard);
  const next = after(RULES, seen(NOON, 95_400), opened("2024-03-05 00:00"));
  expect(ask(next, FLAT, { guard })).toMatchObject({ action: "ok", state: NO_BLOCK });
});

test("near the maximum loss all is closed for ever, over a block until midnight, too", () => {
  const days = [seen("2024-03-04 20:00", 96_000), seen("2024-03-05 20:00", 92_000)];
  const low = after(RULES, ...days, seen("2024-03-06 12:00", 90_999));
  const daily = { block: { reason: "near the daily loss", untilUs: low.dayEndUs } };
  const { state, ...verdict } = ask(low, FLAT, { guard: daily });
  expect(verdict).toEqual({ action: "flatten", reason: "near the maximum loss", untilUs: null });
  const rich = after(RULES, ...days, seen("2024-04-06 12:00", 99_000));
  expect(ask(rich, FLAT, { guard: state })).toMatchObject({ action: "flatten", state });
});

test("what a stress move against all positions would break is closed before it comes", () => {
  const account = after(RULES, seen(NOON, 100_000, -3000));
  // 2,000 are left; a move of 3 % on 66,000 costs 1,980, on 67,000 2,010, whichever the side.
  const of = (amount: number): readonly Position[] => [{ symbol: "BTC", amount, price: 1000 }];
  expect(ask(account, of(66)).action).toBe("ok");
  for (const amount of [67, -67]) {
    expect(ask(account, of(amount))).toMatchObject({
      action: "flatten",
      reason: "a stress move would break a rule",
    });
  }
  const two = [...of(40), { symbol: "SOLUSDT", amount: -100, price: 170 }];
  expect(ask(account, two).action).toBe("flatten");
});

test("a loss that floats over a day's gain is closed ten minutes before midnight, not at noon", () => {
  const at = (time: string): GuardVerdict => ask(after(RULES, seen(time, 104_000, -4700)), LONG);
  expect(at(NOON).action).toBe("ok");
  expect(at("2024-03-04 23:49:59").action).toBe("ok");
  expect(at("2024-03-04 23:50")).toMatchObject({
    action: "flatten",
    reason: "what floats would break a rule at midnight",
    untilUs: prague("2024-03-05 00:00"),
  });
  const fine = ask(after(RULES, seen("2024-03-04 23:50", 104_000, -4000)), LONG);
  expect(fine.action).toBe("ok");
});

test("a failed and a passed account are flat, and a position without a price, or with an old one, opens nothing more", () => {
  expect(ask(after(RULES, seen(NOON, 90_000)), LONG)).toMatchObject({
    action: "flatten",
    reason: "failed",
  });
  const unknown = [{ symbol: "BTC", amount: 1, price: Number.NaN }];
  expect(ask(after(RULES, seen(NOON, 100_000)), unknown).action).toBe("reduce-only");
  const old = { hasOldPrice: true };
  expect(ask(after(RULES, seen(NOON, 100_000)), LONG, old)).toMatchObject({
    action: "reduce-only",
    reason: "a position's price is too old",
  });
  expect(ask(after(RULES, seen(NOON, 95_400)), LONG, old).action).toBe("flatten");
});

test("only a funded standard account heeds news, two minutes on either side, and breaks of more than two hours", () => {
  const funded = { ...after(RULES, seen(NOON, 100_000)), phase: "funded" };
  const minute = (clock: string): number => prague(`2024-03-04 ${clock}`);
  const calendar = {
    newsUs: [minute("14:30"), minute("14:33")],
    breaks: [
      { fromUs: minute("16:00"), untilUs: minute("18:00") },
      { fromUs: minute("20:00"), untilUs: minute("22:01") },
    ],
  };
  const at = (clock: string, account: AccountState = funded): string =>
    ask(account, LONG, { calendar, atUs: minute(clock) }).action;
  expect(["14:27:59", "14:28", "14:32", "14:35", "14:35:01"].map((clock) => at(clock))).toEqual([
    ...["ok", "reduce-only", "reduce-only", "reduce-only", "ok"],
  ]);
  expect(["15:55", "19:49", "19:50", "22:00", "22:01"].map((clock) => at(clock))).toEqual([
    ...["ok", "ok", "flatten", "flatten", "ok"],
  ]);
  expect(at("14:30", after(RULES, seen(NOON, 100_000)))).toBe("ok");
  for (const preset of ["ftmo-funded", "ftmo-funded-swing"] as const) {
    const rules = RULES_PRESETS[preset];
    const account = after(rules, seen(NOON, 100_000));
    const verdicts = ["14:30", "21:00"].map((clock) => {
      const asked = { account, guard: NO_BLOCK, positions: LONG, calendar, atUs: minute(clock) };
      return guardAccount(rules, GUARD_SETTINGS, asked).action;
    });
    expect(verdicts).toEqual(preset === "ftmo-funded" ? ["reduce-only", "flatten"] : ["ok", "ok"]);
  }
});

test("exits are never blocked: whatever the guard says, what reduces a position passes", () => {
  expect(guardedAmount("reduce-only", 2, -2)).toBe(-2);
  expect(guardedAmount("flatten", 2, -5)).toBe(-2);
  expect(guardedAmount("flatten", -2, 1)).toBe(1);
  expect(guardedAmount("reduce-only", 2, 1)).toBe(0);
  expect(guardedAmount("ok", 2, -5)).toBe(-5);
});

test("sized and guarded, no account of any preset breaks a rule on steps within the stress move; bare, many do", () => {
  const failed = { guarded: 0, bare: 0 };
  let [blocks, entries] = [0, 0];
  for (const rules of Object.values(RULES_PRESETS)) {
    for (let run = 0; run < 10; run++) {
      // The move that is survived has the way out in it.
      const options = { rules, move: 0.028, beginUs: prague("2024-03-29 07:00") };
      const traded = (isGuarded: boolean): GuardedTrader =>
        new GuardedTrader({
          ...options,
          ...{ random: seededRandom(run, rules.name), isGuarded },
        }).run(600);
      const [guarded, bare] = [traded(true), traded(false)];
      if (guarded.account.status === "failed") failed.guarded++;
      if (bare.account.status === "failed") failed.bare++;
      blocks += guarded.blocks;
      entries += guarded.entries;
    }
  }
  expect(failed.guarded).toBe(0);
  expect(failed.bare).toBeGreaterThan(40);
  expect(blocks).toBeGreaterThan(80);
  expect(entries).toBeGreaterThan(500);
});
