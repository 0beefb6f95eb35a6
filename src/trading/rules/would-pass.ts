import type { AccountRules } from "./account-rules.js";
import { type AccountState, phaseRules } from "./account-state.js";
import { inCents, inUsd } from "./cents.js";
import { stepAccount } from "./step-account.js";

/**
 * Whether an account would pass its phase if everything were closed now: only a flat account passes, and what floats may be gone
 * before it is.
 *
 * @param atUs - at the account's time or later
 * @param closingUsd - what closing costs
 */
export function wouldPass(
  rules: AccountRules,
  account: AccountState,
  { atUs, closingUsd }: { readonly atUs: number; readonly closingUsd: number },
): boolean {
  const { targetRatio } = phaseRules(rules, account.phase);
  if (targetRatio === null || account.status !== "active") return false;
  const balanceUsd = inUsd(account.equityCents) - closingUsd;
  // Most of the time this is all there is to ask.
  if (inCents(balanceUsd) < inCents(rules.initialUsd)) return false;
  const closed = { kind: "account", atUs, balanceUsd, floatingUsd: 0, openPositions: 0 } as const;
  return stepAccount(rules, account, closed).status === "passed";
}
