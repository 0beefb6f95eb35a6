// For tests only: odds of a challenge that were not drawn.
import { wilsonInterval } from "../core/wilson-interval.js";
import type { ChallengeOdds } from "../trading/rules/challenge-odds.js";
import type { ChallengeGrid } from "./challenge-report.js";

/** Odds whose return grows with the accuracy from a total loss, and is nothing at 52 % over the payoff. */
export function sampleChallengeGrid(): ChallengeGrid {
  const accuracies = [0.4, 0.45, 0.5, 0.55, 0.6];
  const terms = { isFeeRefunded: true, profitShareRatio: 0.8, payoutDays: 14, payouts: 3 };
  return {
    rules: "FTMO two-step",
    terms: { ...terms, feeUsd: 600 },
    odds: [1, 1.5].flatMap((payoff) => accuracies.map((accuracy) => sampleOdds(accuracy, payoff))),
  };
}

function sampleOdds(accuracy: number, payoffRatio: number): ChallengeOdds {
  const edge = accuracy - 0.52 / payoffRatio;
  const share = 1 / (1 + Math.exp(-20 * edge));
  const passed = wilsonInterval(Math.round(400 * share), 400);
  const failed = wilsonInterval(Math.round(200 * (1 - share)), 400);
  const phase = { runs: 400, passed, dailyLoss: failed, maximumLoss: failed };
  const days = [6, 14, 31] as const;
  const trading = {
    riskRatio: 0.005,
    tradesADay: 4,
    stopBps: 60,
    costBps: 8.5,
    endsDayInTime: true,
  };
  return {
    style: { accuracy, payoffRatio, ...trading },
    runs: 400,
    phases: [{ ...phase, phase: "challenge", unfinished: wilsonInterval(0, 400), days }],
    funded: passed,
    returnOnFee: { estimate: 12 * edge, lower: 12 * edge - 0.4, upper: 12 * edge + 0.4 },
  };
}
