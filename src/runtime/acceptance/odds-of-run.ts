// What would a challenge be worth to somebody who trades as a run has traded?
import type { AccountRules } from "../../trading/rules/account-rules.js";
import {
  type ChallengeOdds,
  type ChallengeTerms,
  challengeOddsGrid,
} from "../../trading/rules/challenge-odds.js";
import { usualTerms } from "../../trading/rules/challenge-terms.js";
import type { TradingStyle } from "../../trading/rules/trade-days.js";
import type { TradeFigures } from "./trade-figures.js";

/** Odds at a run's own accuracy and at both ends of its interval. */
export interface RunOdds {
  readonly rules: string;
  readonly terms: ChallengeTerms;
  /** At the measured win rate. */
  readonly measured: ChallengeOdds;
  /** From the lower to the upper end of the win rate's interval, the measured one among them. */
  readonly odds: readonly ChallengeOdds[];
}

/** How the odds are drawn. */
export interface RunOddsOptions {
  readonly seed: number;
  readonly beginUs: number;
  readonly runs: number;
}

/** A phase that takes longer is not passed. */
const MOST_DAYS = 365;

/**
 * Chances of a challenge for the run's style. What its overlapping lots risk together counts as one bet, as often a day as it made
 * independent ones; its payoff is after costs, and so no costs are added.
 *
 * @returns undefined where the run has not both won and lost
 */
export function oddsOfRun(
  figures: TradeFigures,
  rules: AccountRules,
  { seed, beginUs, runs }: RunOddsOptions,
): RunOdds | undefined {
  const style = runStyle(figures, rules);
  if (style === undefined) return undefined;
  const terms = usualTerms(rules);
  const { lower, estimate, upper } = figures.winRate;
  const accuracies = [lower, (lower + estimate) / 2, estimate, (estimate + upper) / 2, upper];
  const drawn = { seed, runs, beginUs, mostDays: MOST_DAYS, terms };
  const asked = { accuracies, payoffRatios: [style.payoffRatio] };
  const odds = challengeOddsGrid(rules, style, { ...drawn, ...asked });
  return { rules: rules.name, terms, measured: odds[2]!, odds };
}

/** How a run has traded; numbers that a page shows are rounded to what is known of them. */
function runStyle(
  { winRate, winUsd, lossUsd, valueUsd, trades, effective, days }: TradeFigures,
  { initialUsd }: AccountRules,
): TradingStyle | undefined {
  if (!(winUsd > 0) || !(lossUsd > 0) || days === 0) return undefined;
  const rounded = (value: number): number => Number(value.toPrecision(3));
  return {
    accuracy: winRate.estimate,
    payoffRatio: rounded(winUsd / lossUsd),
    riskRatio: (lossUsd * (trades / effective)) / initialUsd,
    tradesADay: Math.max(1, Math.round(effective / days)),
    stopBps: rounded((1e4 * lossUsd) / valueUsd),
    costBps: 0,
    // The guard of a run opens nothing that could break the day.
    endsDayInTime: true,
  };
}
