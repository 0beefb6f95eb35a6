import { describe, expect, test } from "vitest";
import { counted } from "../../core/counted.js";
import { type Random, seededRandom } from "../../core/random.js";
import { dayStartUs, HOUR_US } from "../../core/time.js";
import type { CheckResult } from "../finding.js";
import { AUDIT_SETTINGS } from "../settings.js";
import { Outliers } from "./outlier.js";

const DAY = dayStartUs("2024-03-01");

/** Trades a second apart. */
function check(
  rows: number,
  trade: (i: number, random: Random) => { readonly price?: number; readonly amount?: number },
): CheckResult {
  const random = seededRandom(4);
  const outliers = new Outliers("trades", AUDIT_SETTINGS.outlier);
  for (let i = 0; i < rows; i++) {
    const { price = 1, amount = 1 } = trade(i, random);
    outliers.addPrice(DAY + i * 1e6, price);
    outliers.addAmount(DAY + i * 1e6, amount);
  }
  return outliers.finish();
}

describe("prices", () => {
  const play = (change: (i: number) => number, rows = 5000): CheckResult =>
    check(rows, (i, random) => ({ price: 100 * Math.exp(1e-4 * random.normal()) * change(i) }));

  test("one price that comes back is an error, wherever it stands; a market that moves is none", () => {
    expect(play(() => 1).findings).toEqual([]);
    expect(play((i) => (i < 2500 ? 1 : 1.05)).findings).toEqual([]);
    for (const at of [0, 10, 2500, 4990, 4999]) {
      const { findings } = play((i) => (i === at ? 1.03 : 1));
      expect(findings).toMatchObject([{ check: "outlier", count: 1, firstUs: DAY + at * 1e6 }]);
    }
  });

  test.each([2, 20, 26, 60, 1000])("%i in a row at ten times the price are as many", (run) => {
    const { findings, marks } = play((i) => (i >= 2000 && i < 2000 + run ? 10 : 1));
    expect(findings).toMatchObject([{ count: run, firstUs: DAY + 2000e6 }]);
    expect(findings[0]!.detail).toMatch(new RegExp(`^${counted(run, "price")} up to 9\\d{4} bps`));
    // Of the hour's 3600 rows more than 36 are more than one in a hundred.
    expect(marks[0]).toMatchObject({ hourUs: DAY, verdict: run > 36 ? "bad" : "usable" });
  });

  test("a market that goes far and comes back in steps, or stays for long, has none", () => {
    const ramp = (i: number): number => Math.max(0, Math.min(1, (i - 1000) / 50, (1200 - i) / 50));
    expect(play((i) => 1 - 0.4 * ramp(i)).findings).toEqual([]);
    expect(play((i) => (i >= 1000 && i < 4000 ? 1.3 : 1)).findings).toEqual([]);
    expect(play((i) => (i >= 1000 && i < 1020 ? 1.03 : 1)).findings).toEqual([]);
  });

  test("where the market's own step is long, a step is no error, and ten are", () => {
    const bounce =
      (low: number, high: number, wrong = -1) =>
      (i: number, random: Random) => ({
        price: i === wrong ? 10 * high : random.uniform() < 0.25 ? high : low,
      });
    expect(check(20_000, bounce(30e-8, 31e-8)).findings).toEqual([]);
    expect(check(20_000, bounce(1, 1.02)).findings).toEqual([]);
    expect(check(20_000, bounce(30e-8, 31e-8, 7000)).findings).toMatchObject([
      { count: 1, firstUs: DAY + 7000e6 },
    ]);
  });

  test("errors in a market that stands still are not its steps", () => {
    const { findings } = check(20_000, (i) => ({ price: i % 100 === 50 ? 10 : 1 }));
    expect(findings).toMatchObject([{ count: 200, firstUs: DAY + 50e6 }]);
  });

  test("a few prices say nothing of each other", () => {
    expect(check(2, (i) => ({ price: 100 + 2 * i })).findings).toEqual([]);
  });

  test("an hour's reason tells of this hour alone", () => {
    const { marks } = play((i) => (i === 1000 ? 1.03 : i === 4000 || i === 4100 ? 1.05 : 1));
    expect(marks).toMatchObject([
      { hourUs: DAY, reason: expect.stringMatching(/^1 price up to (29|30)\d bps/) },
      { hourUs: DAY + HOUR_US, reason: expect.stringMatching(/^2 prices up to (49|50)\d bps/) },
    ]);
  });
});

test("an hour is bad where more than one in a hundred of its rows cannot be, in price and amount together", () => {
  for (const [prices, amounts, verdict] of [
    [18, 18, "usable"],
    [19, 18, "bad"],
    [0, 37, "bad"],
  ] as const) {
    const { findings, marks } = check(7200, (i, random) => ({
      price: 100 * Math.exp(1e-4 * random.normal()) * (i % 90 === 40 && i < 90 * prices ? 1.5 : 1),
      amount: i % 90 === 60 && i < 90 * amounts ? 1e6 : 1,
    }));
    expect(findings).toMatchObject([{ count: prices + amounts }]);
    expect(marks).toMatchObject([{ hourUs: DAY, verdict }]);
  }
});

describe("amounts", () => {
  const LAWS: Readonly<Record<string, (random: Random) => number>> = {
    "log-normal 1.15": (random) => Math.exp(1.15 * random.normal()),
    "log-normal 2": (random) => Math.exp(2 * random.normal()),
    "Pareto 1.2": (random) => (1 - random.uniform()) ** (-1 / 1.2),
    "Pareto 2": (random) => (1 - random.uniform()) ** (-1 / 2),
    "one lot": () => 1,
    "mostly one lot": (random) =>
      random.uniform() < 0.6 ? 1 : Math.ceil((1 - random.uniform()) ** (-1 / 1.5)),
  };
  const logNormal = LAWS["log-normal 1.15"]!;

  test.each(Object.keys(LAWS))("a healthy market of %s has none", (law) => {
    for (const rows of [150, 2000, 50_000]) {
      expect(check(rows, (_, random) => ({ amount: LAWS[law]!(random) })).findings).toEqual([]);
    }
  });

  test("one a thousand times the median is found in a log-normal market", () => {
    const { findings, marks } = check(5000, (i, random) => ({
      amount: i === 3000 ? 1000 : logNormal(random),
    }));
    expect(findings).toMatchObject([{ count: 1, firstUs: DAY + 3000e6 }]);
    expect(findings[0]!.detail).toMatch(/^1 amount up to 1000 where none should be above \d+$/);
    expect(marks).toMatchObject([{ hourUs: DAY, reason: findings[0]!.detail }]);
  });

  test.each([
    ["three", 2000, (i: number) => i % 700 === 500],
    ["an hour", 40_000, (i: number) => i >= 9000 && i < 12_600],
    ["one in two hundred", 50_000, (i: number) => i > 100 && i % 200 === 0],
  ] as const)("%s at a million times are counted at their places and hours", (_, rows, isWrong) => {
    // In markets with longer tails the wrong and the right overlap.
    for (const law of [logNormal, LAWS["one lot"]!]) {
      const wrong = Array.from({ length: rows }, (_, i) => i).filter(isWrong);
      const { findings, marks } = check(rows, (i, random) => ({
        amount: law(random) * (isWrong(i) ? 1e6 : 1),
      }));
      expect(findings).toMatchObject([{ count: wrong.length, firstUs: DAY + wrong[0]! * 1e6 }]);
      expect(findings[0]!.spans.map(([from]) => from)).toEqual(
        wrong.slice(0, 100).map((i) => DAY + i * 1e6),
      );
      const hours = new Set(wrong.map((i) => DAY + Math.floor(i / 3600) * HOUR_US));
      expect(new Set(marks.map(({ hourUs }) => hourUs))).toEqual(hours);
    }
  });

  test("a single trade, or a few, are no measure", () => {
    expect(check(1, () => ({ amount: 6e-36 })).findings).toEqual([]);
    expect(check(50, (i) => ({ amount: i === 7 ? 1e9 : 1 })).findings).toEqual([]);
  });
});
