import { expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { RULES_PRESETS } from "../../trading/rules/account-rules.js";
import { oddsOfRun } from "./odds-of-run.js";
import { sampleTrades } from "./test-trades.js";
import { type TradeFigures, tradeFigures } from "./trade-figures.js";

const FROM = dayStartUs("2024-01-10");
const RULES = RULES_PRESETS["ftmo-two-step"];
const DRAWN = { seed: 1, beginUs: FROM, runs: 40 };
const figuresOf = (winRate: number, more: object = {}): TradeFigures =>
  tradeFigures(
    sampleTrades(1, {
      count: 120,
      winRate,
      fromUs: FROM,
      everyMinutes: 120,
      winUsd: 300,
      lossUsd: 250,
      ...more,
    }),
    {
      ...{ fromUs: FROM, barUs: MINUTE_US, horizonBars: 15, seed: 1 },
    },
  );

test("the style is the run's: what it won, lost and risked, as often a day as it made independent bets", () => {
  const { measured, odds } = oddsOfRun(figuresOf(0.65), RULES, DRAWN)!;
  expect(measured.style).toMatchObject({
    ...{ payoffRatio: 1.2, tradesADay: 12, stopBps: 50, costBps: 0, endsDayInTime: true },
  });
  expect(measured.style.riskRatio).toBeCloseTo(250 / 100_000, 12);
  expect(odds).toHaveLength(5);
  expect(odds[2]).toBe(measured);
});

test("lots that overlap are one bet of their whole risk, and fewer a day", () => {
  const crowded = figuresOf(0.65, { everyMinutes: 1, heldMinutes: 15 });
  const { style } = oddsOfRun(crowded, RULES, DRAWN)!.measured;
  expect(style.tradesADay).toBe(Math.round(crowded.effective));
  expect(style.riskRatio * crowded.effective).toBeCloseTo((120 * 250) / 100_000, 9);
});

test("the odds rise over the win rate's interval, and are the same for the same seed", () => {
  const figures = figuresOf(0.44);
  const found = oddsOfRun(figures, RULES, DRAWN)!;
  const accuracies = found.odds.map(({ style }) => style.accuracy);
  expect([accuracies[0], accuracies[2], accuracies[4]]).toEqual([
    ...[figures.winRate.lower, figures.winRate.estimate, figures.winRate.upper],
  ]);
  const [least, , , , most] = found.odds.map(({ funded }) => funded.estimate);
  expect(least!).toBeLessThan(most!);
  expect(oddsOfRun(figures, RULES, DRAWN)).toEqual(found);
  expect(found.terms.feeUsd).toBe(600);
});

test("a run that has not both won and lost has no odds", () => {
  expect(oddsOfRun(figuresOf(1), RULES, DRAWN)).toBeUndefined();
  expect(oddsOfRun(figuresOf(0), RULES, DRAWN)).toBeUndefined();
  const none = tradeFigures([], { fromUs: FROM, barUs: MINUTE_US, horizonBars: 15, seed: 1 });
  expect(oddsOfRun(none, RULES, DRAWN)).toBeUndefined();
});
