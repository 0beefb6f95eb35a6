import type { AccountRules } from "./account-rules.js";
import { type AccountState, type LossRule, phaseRules } from "./account-state.js";
import { inCents, inUsd, shareCents } from "./cents.js";

/**
 * The state with its verdict at a time: failed where the equity is below a floor, passed where all that the phase asks for is
 * there. Of two rules broken at once the one with the higher floor is told, the maximum loss where they are equal.
 */
export function judge(rules: AccountRules, state: AccountState, atUs: number): AccountState {
  const { equityCents, dailyFloorCents: daily, maximumFloorCents: maximum } = state;
  const floorCents = Math.max(daily, maximum);
  if (equityCents < floorCents) {
    const rule: LossRule = maximum >= daily ? "maximum-loss" : "daily-loss";
    const failure = { rule, atUs, equityUsd: inUsd(equityCents), floorUsd: inUsd(floorCents) };
    return { ...state, status: "failed", failure };
  }
  return isPassed(rules, state) ? { ...state, status: "passed", passedUs: atUs } : state;
}

function isPassed(rules: AccountRules, state: AccountState): boolean {
  if (state.openPositions > 0) return false;
  const { targetRatio, leastDays, bestDayRatio } = phaseRules(rules, state.phase);
  if (targetRatio === null || state.openedDays < leastDays) return false;
  const initial = inCents(rules.initialUsd);
  const profit = state.balanceCents - initial;
  if (profit < shareCents(targetRatio, initial)) return false;
  const best = Math.max(state.bestDayCents, state.balanceCents - state.dayStartCents);
  return bestDayRatio === null || 1e4 * best <= Math.round(1e4 * bestDayRatio) * profit;
}
