import { localDay } from "../../core/local-day.js";
import type { Random } from "../../core/random.js";
import type { AccountRules } from "./account-rules.js";
import { type AccountState, phaseRules } from "./account-state.js";
import { inCents, inUsd, shareCents } from "./cents.js";
import { stepAccount } from "./step-account.js";

/** How somebody trades: bets of one size that win a multiple of what they lose. */
export interface TradingStyle {
  /** Chance that a trade wins. */
  readonly accuracy: number;
  /** What a winning trade gains for what a losing one loses, before costs. */
  readonly payoffRatio: number;
  /** What a losing trade loses, a ratio of the initial capital, before costs. */
  readonly riskRatio: number;
  readonly tradesADay: number;
  /** Distance of the price at which a trade is lost, bps; costs count by their share of it. */
  readonly stopBps: number;
  /** Of a round trip, bps of the traded value. */
  readonly costBps: number;
  /** Ends the day when one more loss would break the daily rule. */
  readonly endsDayInTime: boolean;
}

/** With which luck an account is traded, from when on and how long. */
export interface TradedSpan {
  readonly random: Random;
  readonly fromUs: number;
  /** Local days after which it is left as it is. */
  readonly mostDays: number;
}

/** What became of an account. */
export interface TradedDays {
  readonly state: AccountState;
  /** Local days that were traded, a part of the first with them. */
  readonly days: number;
  /** Midnight after the last of them. */
  readonly untilUs: number;
}

/**
 * Trades an account until it passes, fails, or its days are over, through the machine of the account rules. A trade is seen when it is
 * opened and when it is closed, its loss being the worst that it ever was. Who has the profit but not the days opens one trade
 * a day that is worth nothing.
 *
 * @param begun - the account before
 */
export function tradeDays(
  rules: AccountRules,
  begun: AccountState,
  style: TradingStyle,
  { random, fromUs, mostDays }: TradedSpan,
): TradedDays {
  let [state, days, untilUs] = [begun, 0, fromUs];
  while (state.status === "active" && days < mostDays) {
    const day = localDay(rules.timeZone, untilUs);
    state = tradeDay(rules, state, style, { random, fromUs: untilUs, untilUs: day.endUs });
    untilUs = day.endUs;
    days++;
  }
  return { state, days, untilUs };
}

/** Trades at equal distances, and the account at the end of the day, before its midnight. */
function tradeDay(
  rules: AccountRules,
  begun: AccountState,
  style: TradingStyle,
  { random, fromUs, untilUs }: { random: Random; fromUs: number; untilUs: number },
): AccountState {
  const targetCents = profitNeeded(rules, begun.phase);
  const [gainUsd, lossUsd] = outcomesUsd(rules, style);
  const stepUs = Math.floor((untilUs - fromUs) / (style.tradesADay + 1));
  let state = begun;
  for (let i = 1; i <= style.tradesADay; i++) {
    const isDone = state.balanceCents >= targetCents;
    if (isDone && i > 1) break;
    if (!isDone && style.endsDayInTime && isLastLoss(state, lossUsd)) break;
    const profitUsd = isDone ? 0 : random.uniform() < style.accuracy ? gainUsd : -lossUsd;
    state = takeTrade(rules, state, { atUs: fromUs + i * stepUs, profitUsd });
    if (state.status !== "active") break;
  }
  return state;
}

/** What a trade gains when it wins and loses when it does not, after costs, USD. */
function outcomesUsd(
  { initialUsd }: Pick<AccountRules, "initialUsd">,
  { riskRatio, payoffRatio, costBps, stopBps }: TradingStyle,
): readonly [gainUsd: number, lossUsd: number] {
  const riskUsd = riskRatio * initialUsd;
  const cost = costBps / stopBps;
  return [riskUsd * (payoffRatio - cost), riskUsd * (1 + cost)];
}

function takeTrade(
  rules: AccountRules,
  state: AccountState,
  { atUs, profitUsd }: { readonly atUs: number; readonly profitUsd: number },
): AccountState {
  const opened = stepAccount(rules, state, { kind: "opened", atUs });
  const balanceUsd = inUsd(opened.balanceCents) + profitUsd;
  const closed = { kind: "account", atUs, balanceUsd, floatingUsd: 0, openPositions: 0 } as const;
  return stepAccount(rules, opened, closed);
}

/** Balance from which on only days are needed, cents; more profit does not harm where there is a rule on the best day. */
function profitNeeded(rules: AccountRules, phase: string): number {
  const { targetRatio, bestDayRatio } = phaseRules(rules, phase);
  if (targetRatio === null || bestDayRatio !== null) return Number.POSITIVE_INFINITY;
  const initial = inCents(rules.initialUsd);
  return initial + shareCents(targetRatio, initial);
}

/** Whether one more loss would break the daily rule before it breaks the other. */
function isLastLoss(state: AccountState, lossUsd: number): boolean {
  const { dailyFloorCents, maximumFloorCents, equityCents } = state;
  return dailyFloorCents > maximumFloorCents && equityCents - inCents(lossUsd) < dailyFloorCents;
}
