import { expect, test } from "vitest";
import { dayStartUs } from "../../core/time.js";
import { type AccountRules, RULES_PRESETS } from "./account-rules.js";
import {
  type ChallengeOdds,
  challengeOdds,
  challengeOddsGrid,
  type OddsOptions,
} from "./challenge-odds.js";
import type { TradingStyle } from "./trade-days.js";

const TWO_STEP = RULES_PRESETS["ftmo-two-step"];
const OPTIONS: OddsOptions = {
  seed: 7,
  runs: 1500,
  beginUs: dayStartUs("2024-01-08"),
  mostDays: 2000,
  terms: { feeUsd: 600, isFeeRefunded: true, profitShareRatio: 0.8, payoutDays: 14, payouts: 3 },
};
const STYLE: TradingStyle = {
  ...{ accuracy: 0.52, payoffRatio: 1, riskRatio: 0.01, tradesADay: 8, stopBps: 100, costBps: 0 },
  endsDayInTime: false,
};

/** Only a target and a maximum loss: no day's floor is reached, and no days are asked for. */
function bareRules(targetRatio: number, dailyRatio = 1): AccountRules {
  const [challenge] = TWO_STEP.phases;
  const phases = [{ ...challenge!, targetRatio, leastDays: 0 }];
  return { ...TWO_STEP, phases, dailyLoss: { ...TWO_STEP.dailyLoss, ratio: dailyRatio } };
}

/** Errors of a simulated share from the true one, in standard errors. */
function errors({ phases, runs }: ChallengeOdds, truth: number): number {
  const error = Math.sqrt((truth * (1 - truth)) / runs);
  return Math.abs(phases[0]!.passed.estimate - truth) / error;
}

test("without a daily rule the chance is the gambler's: (1 − (q/p)¹¹) / (1 − (q/p)²¹)", () => {
  for (const accuracy of [0.45, 0.5, 0.56]) {
    const ratio = (1 - accuracy) / accuracy;
    // Ten steps up pass; ten down equal the floor, which is no breach, so that the eleventh ruins.
    const truth = ratio === 1 ? 11 / 21 : (1 - ratio ** 11) / (1 - ratio ** 21);
    const odds = challengeOdds(bareRules(0.1), { ...STYLE, accuracy }, OPTIONS);
    expect(errors(odds, truth)).toBeLessThan(4);
    expect(odds.phases[0]).toMatchObject({
      dailyLoss: { estimate: 0 },
      unfinished: { estimate: 0 },
    });
  }
});

test("a fair game lasts 10 × 11 trades in the mean, whose days it counts", () => {
  const once = { ...STYLE, accuracy: 0.5, tradesADay: 1 };
  const odds = challengeOdds(bareRules(0.1), once, { ...OPTIONS, runs: 600 });
  const [tenth, half, ninth] = odds.phases[0]!.days;
  // By the chain below: the days in which a tenth, half and nine tenths of those who pass have passed.
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => passingStep(share));
  expect(Math.abs(tenth / low! - 1)).toBeLessThan(0.2);
  expect(Math.abs(half / middle! - 1)).toBeLessThan(0.15);
  expect(Math.abs(ninth / high! - 1)).toBeLessThan(0.2);
});

/** Steps of a fair walk from 0 in which a share of those who reach 10 before −11 has reached it. */
function passingStep(share: number): number {
  let chances = new Float64Array(21);
  chances[10] = 1;
  let passed = 0;
  for (let step = 1; ; step++) {
    const next = new Float64Array(21);
    chances.forEach((chance, i) => {
      if (i === 20) return;
      if (i > 0) next[i - 1]! += chance / 2;
      next[i + 1]! += chance / 2;
    });
    passed += next[20]!;
    next[20] = 0;
    if (passed >= share * (11 / 21)) return step;
    chances = next;
  }
}

/**
 * Chance to pass by the chain itself, day after day: wins are worth `payoff` losses, five losses below the day's begin and ten below
 * the capital are allowed, ten above it are wanted.
 */
function chainChance(accuracy: number, payoff: number, tradesADay: number): number {
  let passed = 0;
  let begins = new Map([[0, 1]]);
  for (let day = 0; day < 400; day++) {
    const next = new Map<number, number>();
    for (const [begin, chance] of begins) {
      let today = new Map([[begin, chance]]);
      for (let trade = 0; trade < tradesADay; trade++) {
        const then = new Map<number, number>();
        for (const [at, part] of today) {
          for (const [to, share] of [
            [at + payoff, accuracy],
            [at - 1, 1 - accuracy],
          ] as const) {
            if (to >= 10) passed += part * share;
            else if (to >= Math.max(-10, begin - 5))
              then.set(to, (then.get(to) ?? 0) + part * share);
          }
        }
        today = then;
      }
      for (const [at, part] of today) next.set(at, (next.get(at) ?? 0) + part);
    }
    begins = next;
  }
  return passed;
}

test("with the daily rule and other payoffs the chance is that of the chain of all days", () => {
  for (const [accuracy, payoffRatio, tradesADay] of [
    [0.5, 1, 20],
    [0.4, 2, 12],
    [0.3, 3, 30],
  ] as const) {
    const style = { ...STYLE, accuracy, payoffRatio, tradesADay };
    const odds = challengeOdds(bareRules(0.1, 0.05), style, OPTIONS);
    expect(errors(odds, chainChance(accuracy, payoffRatio, tradesADay))).toBeLessThan(4);
    expect(odds.phases[0]!.dailyLoss.estimate).toBeGreaterThan(0.02);
  }
});

test("ends add up: passed, failed by the day, failed by the account, unfinished", () => {
  const odds = challengeOdds(TWO_STEP, STYLE, { ...OPTIONS, runs: 300, mostDays: 12 });
  for (const { passed, dailyLoss, maximumLoss, unfinished } of odds.phases) {
    const parts = [passed, dailyLoss, maximumLoss, unfinished].map(({ estimate }) => estimate);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 12);
    expect(Math.min(...parts)).toBeGreaterThan(0);
  }
  const [challenge, verification] = odds.phases;
  expect(verification!.runs).toBe(Math.round(challenge!.passed.estimate * odds.runs));
  const both = challenge!.passed.estimate * verification!.passed.estimate;
  expect(odds.funded.estimate).toBeCloseTo(both, 12);
});

test("nobody passes in fewer days than the rules ask for, and the profit waits without a risk", () => {
  const sure = { ...STYLE, accuracy: 1, tradesADay: 20 };
  const odds = challengeOdds(TWO_STEP, sure, { ...OPTIONS, runs: 2 });
  expect(odds.phases.map(({ days }) => days)).toEqual([
    [4, 4, 4],
    [4, 4, 4],
  ]);
  expect(odds.funded).toMatchObject({ estimate: 1, upper: 1 });
  // 14 days of 20 trades that win 1,000 each, three times; four fifths of it, and the fee comes back.
  expect(odds.returnOnFee.estimate).toBeCloseTo((0.8 * 3 * 14 * 20_000 + 600) / 600 - 1, 9);
});

test("where there is nothing to pass every account is funded, and is worth what it pays", () => {
  const options = { ...OPTIONS, runs: 50 };
  const begun = challengeOdds(RULES_PRESETS["ftmo-funded"], { ...STYLE, accuracy: 1 }, options);
  expect(begun).toMatchObject({ phases: [], funded: { estimate: 1 } });
  const led = challengeOdds(TWO_STEP, { ...STYLE, accuracy: 1 }, options);
  expect(begun.returnOnFee).toEqual(led.returnOnFee);
});

test("costs count by their share of the stop: 20 of 100 bps turn a fair game into a lost one", () => {
  const options = { ...OPTIONS, runs: 400 };
  const fair = { ...STYLE, accuracy: 0.5 };
  const free = challengeOdds(bareRules(0.1), fair, options);
  const paid = challengeOdds(bareRules(0.1), { ...fair, costBps: 20 }, options);
  expect(paid.funded.upper).toBeLessThan(free.funded.lower);
  expect(challengeOdds(TWO_STEP, { ...STYLE, accuracy: 0 }, options)).toMatchObject({
    funded: { estimate: 0 },
    returnOnFee: { estimate: -1, lower: -1, upper: -1 },
  });
});

test("who ends the day in time never breaks the daily rule", () => {
  const wild = { ...STYLE, tradesADay: 20 };
  const options = { ...OPTIONS, runs: 200 };
  expect(challengeOdds(TWO_STEP, wild, options).phases[0]!.dailyLoss.estimate).toBeGreaterThan(
    0.05,
  );
  const careful = challengeOdds(TWO_STEP, { ...wild, endsDayInTime: true }, options);
  expect(careful.phases[0]!.dailyLoss.estimate).toBe(0);
});

test("the same seed gives the same odds, and better accuracy never worse ones by more than luck", () => {
  const options = { ...OPTIONS, runs: 100, accuracies: [0.45, 0.5, 0.55], payoffRatios: [1, 1.5] };
  const grid = challengeOddsGrid(TWO_STEP, STYLE, options);
  expect(challengeOddsGrid(TWO_STEP, STYLE, options)).toEqual(grid);
  expect(grid.map(({ style }) => [style.payoffRatio, style.accuracy])).toEqual([
    ...[
      [1, 0.45],
      [1, 0.5],
      [1, 0.55],
      [1.5, 0.45],
      [1.5, 0.5],
      [1.5, 0.55],
    ],
  ]);
  const shares = grid.map(({ funded }) => funded.estimate);
  expect(shares[0]! < shares[1]! && shares[1]! < shares[2]!).toBe(true);
  expect(shares[3]! < shares[4]! && shares[4]! < shares[5]!).toBe(true);
});
