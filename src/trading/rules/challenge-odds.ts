// How likely does an account become a funded one, how long does that take, and is it worth its fee?
import type { Interval } from "../../core/interval.js";
import { normalQuantile } from "../../core/normal-quantile.js";
import { type Random, seededRandom } from "../../core/random.js";
import { mean, quantile, standardDeviation } from "../../core/statistics.js";
import { wilsonInterval } from "../../core/wilson-interval.js";
import type { AccountRules } from "./account-rules.js";
import { beginPhase } from "./account-state.js";
import { type TradedDays, type TradingStyle, tradeDays } from "./trade-days.js";

/** What a challenge costs and what a funded account pays. */
export interface ChallengeTerms {
  readonly feeUsd: number;
  /** Whether the fee comes back with the first payout. */
  readonly isFeeRefunded: boolean;
  /** Share of the profit that is paid out. */
  readonly profitShareRatio: number;
  /** Local days from one payout to the next. */
  readonly payoutDays: number;
  /** Payouts of a funded account that are counted; what comes later is left out. */
  readonly payouts: number;
}

/** How the odds are drawn. */
export interface OddsOptions {
  readonly seed: number;
  /** Accounts that begin the first phase. */
  readonly runs: number;
  readonly beginUs: number;
  /** Days after which a phase counts as not passed. */
  readonly mostDays: number;
  readonly terms: ChallengeTerms;
}

/** What became of the accounts that began a phase, as shares of them. */
export interface PhaseOdds {
  readonly phase: string;
  readonly runs: number;
  readonly passed: Interval;
  readonly dailyLoss: Interval;
  readonly maximumLoss: Interval;
  /** Neither passed nor failed when the days were over. */
  readonly unfinished: Interval;
  /** Days to pass it: a tenth of those who pass need no more than the first, half the second; NaN where nobody does. */
  readonly days: readonly [tenth: number, half: number, ninth: number];
}

/** The odds of one style under one set of rules. */
export interface ChallengeOdds {
  readonly style: TradingStyle;
  readonly runs: number;
  /** In order, without the funded one. */
  readonly phases: readonly PhaseOdds[];
  /** Share of all accounts that pass every phase. */
  readonly funded: Interval;
  /** Expected payouts of an attempt less its fee, as a multiple of the fee; its interval is one of at least 95 %. */
  readonly returnOnFee: Interval;
}

/**
 * Chances by simulation: accounts trade phase after phase through the machine of the account rules, and as many funded ones until
 * their payouts are counted or they fail. The n-th account of one seed has the same luck under every style, so that styles compare.
 *
 * @param options.runs - at least 2
 */
export function challengeOdds(
  rules: AccountRules,
  style: TradingStyle,
  { seed, runs, beginUs, mostDays, terms }: OddsOptions,
): ChallengeOdds {
  const steps = rules.phases.filter(({ targetRatio }) => targetRatio !== null);
  const traded = steps.map((): TradedDays[] => []);
  const paid = new Float64Array(runs);
  for (let run = 0; run < runs; run++) {
    const random = seededRandom(seed, `challenge ${run}`);
    let fromUs = beginUs;
    steps.every(({ name }, i) => {
      const begun = beginPhase(rules, name, fromUs);
      const phase = tradeDays(rules, begun, style, { random, fromUs, mostDays });
      traded[i]!.push(phase);
      fromUs = phase.untilUs;
      return phase.state.status === "passed";
    });
    // Every account is given a funded one, with luck of its own: a rare one would say little of what it pays.
    const luck = { random: seededRandom(seed, `funded ${run}`), fromUs: beginUs };
    paid[run] = payoutsUsd(rules, style, terms, luck) / terms.feeUsd;
  }
  // Where there is nothing to pass, an account is funded as it begins.
  const passed = traded.at(-1)?.filter(isPassed).length ?? runs;
  return {
    style,
    runs,
    phases: steps.map(({ name }, i) => phaseOdds(name, traded[i]!)),
    funded: wilsonInterval(passed, runs),
    returnOnFee: returnOnFee(passed, paid),
  };
}

/** The odds for every accuracy and payoff, payoff after payoff. */
export function challengeOddsGrid(
  rules: AccountRules,
  style: TradingStyle,
  {
    accuracies,
    payoffRatios,
    ...options
  }: OddsOptions & {
    readonly accuracies: readonly number[];
    readonly payoffRatios: readonly number[];
  },
): readonly ChallengeOdds[] {
  return payoffRatios.flatMap((payoffRatio) =>
    accuracies.map((accuracy) =>
      challengeOdds(rules, { ...style, accuracy, payoffRatio }, options),
    ),
  );
}

/**
 * What a funded account pays out, the fee's refund with it. After a payout it begins anew with its capital; without a profit it goes on
 * as it is.
 */
function payoutsUsd(
  rules: AccountRules,
  style: TradingStyle,
  { feeUsd, isFeeRefunded, profitShareRatio, payoutDays, payouts }: ChallengeTerms,
  begin: { readonly random: Random; readonly fromUs: number },
): number {
  const funded = rules.phases.find(({ targetRatio }) => targetRatio === null);
  if (funded === undefined) return 0;
  let [paidUsd, fromUs] = [0, begin.fromUs];
  let state = beginPhase(rules, funded.name, fromUs);
  for (let i = 0; i < payouts && state.status === "active"; i++) {
    const span = { random: begin.random, fromUs, mostDays: payoutDays };
    const traded = tradeDays(rules, state, style, span);
    fromUs = traded.untilUs;
    state = traded.state;
    const profitUsd = state.balanceCents / 100 - rules.initialUsd;
    if (state.status === "failed" || profitUsd <= 0) continue;
    const refundUsd = paidUsd === 0 && isFeeRefunded ? feeUsd : 0;
    paidUsd += refundUsd + profitShareRatio * profitUsd;
    state = beginPhase(rules, funded.name, fromUs);
  }
  return paidUsd;
}

function isPassed({ state }: TradedDays): boolean {
  return state.status === "passed";
}

function phaseOdds(phase: string, traded: readonly TradedDays[]): PhaseOdds {
  const share = (fits: (one: TradedDays) => boolean): Interval =>
    wilsonInterval(traded.filter(fits).length, traded.length);
  const days = traded.filter(isPassed).map((one) => one.days);
  return {
    phase,
    runs: traded.length,
    passed: share(isPassed),
    dailyLoss: share(({ state }) => state.failure?.rule === "daily-loss"),
    maximumLoss: share(({ state }) => state.failure?.rule === "maximum-loss"),
    unfinished: share(({ state }) => state.status === "active"),
    days: [quantile(days, 0.1), quantile(days, 0.5), quantile(days, 0.9)],
  };
}

/**
 * Chance of a funded account times what it pays, less the fee. Each of the two lies in its interval with 97.5 %, and so both with 95 %,
 * also where hardly anybody is funded.
 *
 * @param paid - by funded accounts, multiples of the fee
 */
function returnOnFee(funded: number, paid: Float64Array): Interval {
  const chance = wilsonInterval(funded, paid.length, { level: 0.975 });
  const value = mean(paid);
  const half = (normalQuantile(0.9875) * standardDeviation(paid)) / Math.sqrt(paid.length);
  return {
    estimate: chance.estimate * value - 1,
    lower: chance.lower * Math.max(0, value - half) - 1,
    upper: chance.upper * (value + half) - 1,
  };
}
