import { expect, test } from "vitest";
import { dayStartUs } from "../core/time.js";
import { RULES_PRESETS } from "../trading/rules/account-rules.js";
import { challengeOddsGrid } from "../trading/rules/challenge-odds.js";
import { challengeFindings, challengeTable } from "./challenge-report.js";
import { breakEvenAccuracy, isWorthFee, worthFrom, worthText } from "./challenge-worth.js";
import { challengeOddsFigure } from "./figures/challenge-odds.js";
import { sampleChallengeGrid } from "./test-challenge-samples.js";

const grid = sampleChallengeGrid();
const returning = (accuracy: number, lower: number, upper: number) => ({
  style: { accuracy, payoffRatio: 1, costBps: 8, stopBps: 80 },
  returnOnFee: { estimate: (lower + upper) / 2, lower, upper },
});

test("a fee is worth it, or not, where the whole interval says so, and undecided between", () => {
  const ends = [
    [0.1, 2],
    [-1, -0.1],
    [-0.1, 0.1],
    [0, 1],
  ] as const;
  expect(ends.map(([lower, upper]) => isWorthFee(returning(0.5, lower, upper)))).toEqual([
    ...["yes", "no", "undecided", "undecided"],
  ]);
});

test("worth from an accuracy on means that all above are, too", () => {
  const lucky = [returning(0.6, 1, 2), returning(0.5, 0.5, 1), returning(0.55, -0.5, 1)];
  expect(worthFrom(lucky)).toBe(0.6);
  expect(worthFrom(lucky.slice(0, 2))).toBe(0.5);
  expect(worthFrom([returning(0.5, -1, 1)])).toBeNaN();
  expect(worthText([returning(0.5, -1, 1)])).toBe(
    "At no accuracy that was drawn is a challenge worth its fee",
  );
});

test("by hand: at payoff 1 with a tenth of the risk as costs a trade breaks even at 55 %", () => {
  expect(breakEvenAccuracy(returning(0.5, 0, 1).style)).toBeCloseTo(0.55, 15);
});

test("the answer names the accuracy of each payoff", () => {
  expect(worthText(grid.odds)).toBe(
    "A challenge is worth its fee from 60.0 % accuracy on at payoff 1, at all accuracies that were drawn at payoff 1.5",
  );
  expect(challengeFindings(grid)).toContain("risks 0.5 % of the capital over a stop of 60 bps");
  expect(challengeFindings({ ...grid, odds: [] })).toBe("No odds were drawn.");
});

test("the table has a cell for each column and says nowhere that something is undefined", () => {
  const { columns, rows } = challengeTable(grid);
  expect(rows).toHaveLength(10);
  for (const row of rows) {
    expect(row).toHaveLength(columns.length);
    expect(row.join(" ")).not.toMatch(/NaN|undefined/);
  }
});

test("odds that were really drawn are shown as they came: nobody earns a fee back with a coin and costs", () => {
  const style = { riskRatio: 0.01, tradesADay: 6, stopBps: 80, costBps: 8.5, endsDayInTime: true };
  const odds = challengeOddsGrid(
    RULES_PRESETS["ftmo-two-step"],
    { ...style, accuracy: 0.5, payoffRatio: 1 },
    {
      ...{ seed: 4, runs: 60, beginUs: dayStartUs("2024-01-08"), mostDays: 365 },
      ...{ terms: grid.terms, accuracies: [0.5, 0.7], payoffRatios: [1] },
    },
  );
  const drawn = { ...grid, odds };
  expect(worthText(odds)).toContain("from 70.0 % accuracy on at payoff 1");
  expect(challengeTable(drawn).rows.map((row) => row.at(-1))).toEqual(["■ no", "● yes"]);
  const figure = challengeOddsFigure(drawn);
  expect(figure.data).toHaveLength(6);
  expect(figure.n).toBe("60 accounts at each of 2 points");
});

test("without odds the figure says that there are none", () => {
  const { title, n, data } = challengeOddsFigure({ ...grid, odds: [] });
  expect([title, n, data.length]).toEqual([
    "At no accuracy that was drawn is a challenge worth its fee (FTMO two-step)",
    "0 accounts",
    0,
  ]);
});
