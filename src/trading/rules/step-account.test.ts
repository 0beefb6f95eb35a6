import fc from "fast-check";
import { expect, test } from "vitest";
import { RULES_PRESETS } from "./account-rules.js";
import { type AccountState, beginPhase, nextPhase } from "./account-state.js";
import { accountFloors } from "./floors.js";
import { type AccountEvent, stepAccount } from "./step-account.js";
import { after, opened, prague, seen, swap } from "./test-account.js";

const RULES = RULES_PRESETS["ftmo-two-step"];

test("what changes nothing gives back the very same state", () => {
  const state = after(RULES, seen("2024-03-04 10:00", 100_500, -20), opened("2024-03-04 10:00"));
  expect(stepAccount(RULES, state, seen("2024-03-04 11:00", 100_500, -20))).toBe(state);
  expect(stepAccount(RULES, state, seen("2024-03-04 11:00", 100_500, -20.001))).toBe(state);
  expect(stepAccount(RULES, state, opened("2024-03-04 11:00"))).toBe(state);
});

test("an account that failed or passed stays so, whatever comes after", () => {
  const failed = after(RULES, seen("2024-03-04 10:00", 94_000));
  const easy = RULES_PRESETS["higher-anchor"];
  const passed = after(easy, seen("2024-03-04 10:00", 108_000));
  expect([failed.status, passed.status]).toEqual(["failed", "passed"]);
  for (const event of [
    seen("2024-04-05 10:00", 130_000),
    seen("2024-04-05 10:00", 1),
    swap("2024-04-05 10:00", 1e5),
    opened("2024-04-05 10:00"),
  ]) {
    expect(stepAccount(RULES, failed, event)).toBe(failed);
    expect(stepAccount(easy, passed, event)).toBe(passed);
  }
});

test("anchors: balance, equity, and the higher of both at midnight", () => {
  const anchorOf = (anchor: "balance" | "equity" | "higher", floating: number): number => {
    const rules = { ...RULES, dailyLoss: { ...RULES.dailyLoss, anchor } };
    const day = [seen("2024-03-04 20:00", 101_000, floating), opened("2024-03-05 00:00")];
    return after(rules, ...day).anchorCents / 100;
  };
  expect([anchorOf("balance", 500), anchorOf("balance", -500)]).toEqual([101_000, 101_000]);
  expect([anchorOf("equity", 500), anchorOf("equity", -500)]).toEqual([101_500, 100_500]);
  expect([anchorOf("higher", 500), anchorOf("higher", -500)]).toEqual([101_500, 101_000]);
});

test("an allowance may be a share of the anchor: 5 % of 104,000 leave 98,800", () => {
  const rules = RULES_PRESETS["higher-anchor"];
  const state = after(rules, seen("2024-03-04 20:00", 103_000, 1000), opened("2024-03-05 01:00"));
  expect(accountFloors(rules, state)).toMatchObject({ dailyUsd: 98_800, dailyAllowanceUsd: 5200 });
});

test("rounding of doubles breaks no rule: 0.1 + 0.2 is 30 cents, and half a cent below a floor is on it", () => {
  const onFloor = after(RULES, seen("2024-03-04 10:00", 95_000.3, -(0.1 + 0.2)));
  expect(accountFloors(RULES, onFloor).headroomUsd).toBe(0);
  expect(after(RULES, seen("2024-03-04 10:00", 94_999.995)).status).toBe("active");
  expect(after(RULES, seen("2024-03-04 10:00", 94_999.994)).status).toBe("failed");
});

test("a position that is opened is not flat, though the account was not yet seen with it", () => {
  const rules = { ...RULES, phases: [{ ...RULES.phases[0]!, leastDays: 2 }] };
  const state = after(
    rules,
    opened("2024-03-04 10:00"),
    seen("2024-03-04 12:00", 110_000),
    opened("2024-03-05 10:00"),
  );
  expect(state).toMatchObject({ status: "active", openedDays: 2, openPositions: 1 });
  expect(stepAccount(rules, state, seen("2024-03-05 10:01", 110_000)).status).toBe("passed");
});

test("an event before the last one, money that is no number and an unknown phase are refused", () => {
  const state = after(RULES, seen("2024-03-04 10:00", 100_500));
  expect(() => stepAccount(RULES, state, opened("2024-03-04 09:59"))).toThrow(
    /^opened event: was at \d+ µs, expected \d+ µs or later; hand over events in order of time$/,
  );
  expect(() => stepAccount(RULES, state, seen("2024-03-05 10:00", 1, Number.NaN))).toThrow(
    "account: was NaN dollars, expected a finite amount",
  );
  expect(() => beginPhase(RULES, "evaluation", 0)).toThrow(
    'phase: was "evaluation", which FTMO two-step does not have; use one of challenge, ver',
  );
  expect(() => nextPhase(RULES, state, state.atUs)).toThrow(
    "phase: was challenge, which is active",
  );
});

const steps = fc.array(
  fc.record({
    minutes: fc.constantFrom(1, 60, 700, 1440, 4000),
    kind: fc.constantFrom("account", "opened", "swap"),
    usd: fc.double({ min: -3000, max: 3500, noNaN: true }),
    floating: fc.double({ min: -2000, max: 2000, noNaN: true }),
    openPositions: fc.nat(2),
  }),
  { minLength: 1, maxLength: 60 },
);

test("an account that is saved as JSON and restored at any event goes on as one that never was", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(RULES_PRESETS)), steps, (rules, all) => {
      let atUs = prague("2024-03-28 09:00");
      let balanceUsd = rules.initialUsd;
      let whole = beginPhase(rules, rules.phases[0]!.name, atUs);
      let saved = whole;
      for (const { minutes, kind, usd, floating, openPositions } of all) {
        atUs += minutes * 60e6;
        balanceUsd += usd;
        const event = {
          kind,
          atUs,
          amountUsd: usd,
          balanceUsd,
          floatingUsd: floating,
          openPositions,
        };
        whole = stepAccount(rules, whole, event as AccountEvent);
        saved = stepAccount(
          rules,
          JSON.parse(JSON.stringify(saved)) as AccountState,
          event as AccountEvent,
        );
        expect(saved).toEqual(whole);
        expect(JSON.parse(JSON.stringify(saved))).toEqual(saved);
      }
    }),
    { seed: 91, numRuns: 200 },
  );
});

test("what the floors say of the next midnight is what they are after it, if nothing happens", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(RULES_PRESETS)), steps, (rules, all) => {
      let atUs = prague("2024-03-28 09:00");
      let state = beginPhase(rules, rules.phases[0]!.name, atUs);
      for (const { minutes, usd, floating } of all) {
        atUs += minutes * 60e6;
        const balanceUsd = state.balanceCents / 100 + usd;
        const event = {
          kind: "account",
          atUs,
          balanceUsd,
          floatingUsd: floating,
          openPositions: 1,
        } as const;
        state = stepAccount(rules, state, event);
        if (state.status !== "active") return;
        const said = accountFloors(rules, state).afterMidnight;
        const next = stepAccount(rules, state, { ...event, atUs: state.dayEndUs });
        const { dailyUsd, maximumUsd, floorUsd, headroomUsd } = accountFloors(rules, next);
        expect(said).toMatchObject({ dailyUsd, maximumUsd, floorUsd, headroomUsd });
        expect(next.status === "failed").toBe(said.headroomUsd < 0);
      }
    }),
    { seed: 92, numRuns: 200 },
  );
});
