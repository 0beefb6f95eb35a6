import type { AccountRules } from "./account-rules.js";
import type { ChallengeTerms } from "./challenge-odds.js";

/**
 * Terms that are usual for an account of 100,000: 0.6 % of the capital as the fee, which comes back with the first payout, and four
 * fifths of the profit every two weeks. Of a funded account half a year of payouts is counted.
 */
export function usualTerms({ initialUsd }: Pick<AccountRules, "initialUsd">): ChallengeTerms {
  const pays = { profitShareRatio: 0.8, payoutDays: 14, payouts: 13 };
  return { feeUsd: 0.006 * initialUsd, isFeeRefunded: true, ...pays };
}
