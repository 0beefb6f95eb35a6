import { expect, test } from "vitest";
import { dayStartUs, MINUTE_US } from "../../core/time.js";
import { wilsonInterval } from "../../core/wilson-interval.js";
import { sampleTrades } from "./test-trades.js";
import { tradeFigures } from "./trade-figures.js";

const FROM = dayStartUs("2024-01-10");
const OPTIONS = { fromUs: FROM, barUs: MINUTE_US, horizonBars: 15, seed: 1 };

test("trades that do not overlap are counted in full: Wilson's interval is that of all", () => {
  const trades = sampleTrades(1, { count: 300, winRate: 0.7, fromUs: FROM });
  const wins = trades.filter(({ profitUsd }) => profitUsd > 0).length;
  const figures = tradeFigures(trades, OPTIONS);
  const expected = wilsonInterval(wins, 300);
  expect(figures.winRate.estimate).toBeCloseTo(expected.estimate, 12);
  expect(figures.winRate.lower).toBeCloseTo(expected.lower, 9);
  expect(figures).toMatchObject({ trades: 300, leftOut: 0, days: 7, winUsd: 100, lossUsd: 100 });
  expect(figures.effective).toBeCloseTo(300, 9);
  expect(figures.profitFactor.estimate).toBeCloseTo(wins / (300 - wins), 9);
  expect(figures.profitUsd).toBeCloseTo(100 * (2 * wins - 300), 9);
});

test("trades of days that the model has seen are left out, and counted", () => {
  const seen = sampleTrades(2, { count: 40, winRate: 1, fromUs: FROM - 40 * 30 * MINUTE_US });
  const unseen = sampleTrades(3, { count: 200, winRate: 0.6, fromUs: FROM });
  const both = tradeFigures([...seen, ...unseen], OPTIONS);
  expect(both).toEqual({ ...tradeFigures(unseen, OPTIONS), leftOut: 40 });
});

test("trades that overlap widen the interval: fifteen of one quarter of an hour are one", () => {
  const often = { count: 3000, winRate: 0.65, everyMinutes: 1, fromUs: FROM };
  const figures = tradeFigures(sampleTrades(4, often), OPTIONS);
  expect(figures.effective).toBeGreaterThan(200);
  expect(figures.effective).toBeLessThan(204);
  const { estimate, lower } = figures.winRate;
  expect(lower).toBeCloseTo(wilsonInterval(estimate * figures.effective, figures.effective).lower);
  const single = wilsonInterval(estimate * 3000, 3000).lower;
  expect(estimate - lower).toBeGreaterThan(3.5 * (estimate - single));
});

test("95 % intervals of the profit factor hold the truth in about as many markets", () => {
  let held = 0;
  const markets = 30;
  for (let seed = 0; seed < markets; seed++) {
    const often = { everyMinutes: 15, heldMinutes: 15 };
    const trades = sampleTrades(seed, { count: 300, winRate: 0.6, fromUs: FROM, ...often });
    const { lower, upper } = tradeFigures(trades, OPTIONS).profitFactor;
    held += Number(lower <= 1.5 && 1.5 <= upper);
  }
  // Of 30 at 95 %: 28.5, with an error of 1.2.
  expect(held).toBeGreaterThanOrEqual(25);
});

test("without trades nothing is known, and without a loss the factor has no end", () => {
  const none = tradeFigures([], OPTIONS);
  expect(none).toMatchObject({ trades: 0, effective: 0, days: 0, winUsd: Number.NaN });
  expect(none.winRate.estimate).toBeNaN();
  expect(none.profitFactor.lower).toBeNaN();
  const won = tradeFigures(sampleTrades(1, { count: 200, winRate: 1, fromUs: FROM }), OPTIONS);
  expect(won.profitFactor).toMatchObject({ estimate: Number.POSITIVE_INFINITY });
  expect(won.profitFactor.lower).toBeGreaterThan(1);
  expect(won.lossUsd).toBeNaN();
});
