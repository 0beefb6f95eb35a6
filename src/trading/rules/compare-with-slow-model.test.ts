import { expect, test } from "vitest";
import { RULES_PRESETS } from "./account-rules.js";
import { compareWithSlowModel, type ModelComparison } from "./compare-with-slow-model.js";
import { accountFloors } from "./floors.js";
import { stepAccount } from "./step-account.js";

const NONE = { "daily-loss": 0, "maximum-loss": 0 };

test("over 50,000 random steps machine and slow model see the same breaches, passes, floors and days", () => {
  const seen = compareWithSlowModel({ seed: 9, steps: 50_000 });
  expect(seen.firstDifference).toBe("");
  expect(seen).toMatchObject({ missed: NONE, falseAlarms: NONE, different: 0, steps: 50_000 });
  // The walk is no proof unless it meets what the rules turn on.
  const least = { passes: 100, midnights: 5000, shortDays: 50, longDays: 50, atFloor: 1000 };
  for (const [name, count] of Object.entries({ ...least, atMidnight: 100 })) {
    expect([name, Number(seen[name as keyof typeof seen]) > count]).toEqual([name, true]);
  }
  expect(Math.min(...Object.values(seen.breaches))).toBeGreaterThan(100);
});

test("funded presets end by their losses alone, as the slow model says", () => {
  const presets = [RULES_PRESETS["ftmo-funded"], RULES_PRESETS["ftmo-funded-swing"]];
  const seen = compareWithSlowModel({ seed: 5, steps: 10_000, presets });
  expect(seen.firstDifference).toBe("");
  expect(seen).toMatchObject({ missed: NONE, falseAlarms: NONE, different: 0, passes: 0 });
  expect(Math.min(...Object.values(seen.breaches))).toBeGreaterThan(10);
});

test("the same seed draws the same accounts, another seed others", () => {
  const counts = (seed: number): ModelComparison => compareWithSlowModel({ seed, steps: 2000 });
  expect(counts(3)).toEqual(counts(3));
  expect(counts(3)).not.toEqual(counts(4));
});

const wrong: readonly (readonly [string, typeof stepAccount, keyof ModelComparison])[] = [
  [
    "fails where the equity equals the floor",
    (rules, state, event) => {
      const next = stepAccount(rules, state, event);
      const isAt = next.status === "active" && accountFloors(rules, next).headroomUsd === 0;
      const failure = { rule: "daily-loss", atUs: event.atUs, equityUsd: 0, floorUsd: 0 } as const;
      return isAt ? { ...next, status: "failed", failure } : next;
    },
    "falseAlarms",
  ],
  [
    "overlooks what a midnight breaks",
    (rules, state, event) => {
      const next = stepAccount(rules, state, event);
      const isMidnight = next.failure?.atUs === state.dayEndUs && event.atUs > state.dayEndUs;
      return isMidnight ? { ...state, atUs: event.atUs } : next;
    },
    "missed",
  ],
  [
    "ends its days an hour late",
    (rules, state, event) => {
      const timeZone = rules.timeZone === "UTC" ? "Atlantic/Azores" : "Europe/London";
      return stepAccount({ ...rules, timeZone }, state, event);
    },
    "different",
  ],
  [
    "books the swaps of a midnight after it",
    (rules, state, event) =>
      event.kind === "swap"
        ? stepAccount(rules, stepAccount(rules, state, { ...event, kind: "opened" }), event)
        : stepAccount(rules, state, event),
    "different",
  ],
  [
    "forgets the capital that a trailing loss has gained",
    (rules, state, event) =>
      stepAccount(rules, { ...state, highestCents: 100 * rules.initialUsd }, event),
    "different",
  ],
];

test.each(wrong)("a machine that %s is found out", (_, step, where) => {
  const found = compareWithSlowModel({ seed: 2, steps: 8000, step })[where];
  const counts = typeof found === "object" ? Object.values(found) : [Number(found)];
  expect(Math.max(...counts)).toBeGreaterThan(5);
});

test("the walk knows every preset's zone", () => {
  const zones = Object.values(RULES_PRESETS).map(({ timeZone }) => timeZone);
  expect(new Set(zones)).toEqual(new Set(["Europe/Prague", "UTC"]));
});
