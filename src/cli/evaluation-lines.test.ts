import { expect, test } from "vitest";
import { COST_PRESETS } from "../trading/costs.js";
import { canaryLines, executionLine, rungLine } from "./evaluation-lines.js";

const RUNG = {
  name: "costs",
  about: "the same with fees and funding",
  netReturn: 0.0123,
  sharpe: { estimate: 1.5, lower: 0.5, upper: 2.5, standardError: 0.5 },
  turnoverADay: 2,
  lateStakes: 0,
  leftOpen: 0,
} as const;

test("a rung says what was closed late or left open, and says nothing of it where all was closed in time", () => {
  expect(rungLine(RUNG)).toMatch(/Sharpe 1\.50 \(0\.50 to 2\.50\), turnover 2\.0 a day$/);
  expect(rungLine({ ...RUNG, leftOpen: 0.25 })).toMatch(
    /turnover 2\.0 a day, left open 25\.00 % of the capital/,
  );
  expect(rungLine({ ...RUNG, lateStakes: 12 })).toMatch(
    /turnover 2\.0 a day, 12 stakes closed after an outage, later than due$/,
  );
});

test("a Sharpe ratio that is not known is a dash, and has no bounds", () => {
  const none = {
    estimate: Number.NaN,
    lower: Number.NaN,
    upper: Number.NaN,
    standardError: Number.NaN,
  };
  expect(rungLine({ ...RUNG, sharpe: none })).toMatch(/: 1\.23 %, Sharpe —, turnover 2\.0 a day$/);
});

test("how it was traded is said with whose costs and how much capital", () => {
  const stake = { capitalUsd: 2500, threshold: 0, minimumOrderUsd: 5 };
  expect(executionLine({ costs: COST_PRESETS.perpetual, stake })).toBe(
    "traded with 2,500 USD at the costs of perpetual: 5 bps of the value a side; funding: the venue's own rates; where they are not stored 0.010 % for every eight hours",
  );
});

test("canaries that were not run are named, each reason once, with what to do", () => {
  const lack = { kind: "shortfall", step: "hold a canary against chance", needs: 3 } as const;
  const right = { name: "altered test", rule: "none", guards: "leaks", note: "the one fold" };
  const lines = canaryLines({
    canaries: [{ ...right, value: 0, expected: 0, standardError: 0, isRight: true }],
    canaryShortfalls: [
      {
        ...{ ...lack, what: "blocks of 480 bars in its test", has: 1.7 },
        canaries: ["shuffled labels", "random walk"],
        remedy: "Give more days.",
      },
      { ...lack, what: "days", has: 0, canaries: ["rows rebuilt from events"] },
    ],
  });
  expect(lines).toEqual([
    "right     canary altered test: 0.0000 beside 0.0000, exact; none",
    "not run   canaries shuffled labels; random walk: Not enough data to hold a canary against chance: 1.7 blocks of 480 bars in its test, and it needs 3. Give more days.",
    "not run   canary rows rebuilt from events: Not enough data to hold a canary against chance: 0 days, and it needs 3.",
  ]);
});
