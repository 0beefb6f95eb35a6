import { expect, test } from "vitest";
import { COST_PRESETS } from "../trading/costs.js";
import { executionLine, rungLine } from "./evaluation-lines.js";

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
