import { localDay } from "../../core/local-day.js";
import type { AccountRules } from "./account-rules.js";
import { type AccountState, dailyFloorCents, maximumFloorCents } from "./account-state.js";
import { judge } from "./judge-account.js";

/**
 * Ends every day whose midnight has come, with the account as it was last seen.
 *
 * @param toUs - up to this time
 * @param options.isLastLeft - a midnight at that very time is left for later
 */
export function passMidnights(
  rules: AccountRules,
  state: AccountState,
  toUs: number,
  { isLastLeft = false }: { readonly isLastLeft?: boolean } = {},
): AccountState {
  let now = state;
  while (now.status === "active" && (isLastLeft ? now.dayEndUs < toUs : now.dayEndUs <= toUs)) {
    now = passMidnight(rules, now);
  }
  return now;
}

function passMidnight(rules: AccountRules, state: AccountState): AccountState {
  const { balanceCents, dayStartCents, bestDayCents } = state;
  const atUs = state.dayEndUs;
  const day = localDay(rules.timeZone, atUs);
  const after = { ...state, ...midnightFloors(rules, state) };
  return judge(
    rules,
    {
      ...after,
      atUs,
      date: day.date,
      dayEndUs: day.endUs,
      dayStartCents: balanceCents,
      bestDayCents: Math.max(bestDayCents, balanceCents - dayStartCents),
    },
    atUs,
  );
}

/** Anchor, highest balance and floors that the next midnight sets if the account stays as it is. */
export function midnightFloors(
  rules: AccountRules,
  { balanceCents, equityCents, highestCents }: AccountState,
): Pick<AccountState, "anchorCents" | "highestCents" | "dailyFloorCents" | "maximumFloorCents"> {
  const { anchor } = rules.dailyLoss;
  const higher = Math.max(balanceCents, equityCents);
  const anchorCents =
    anchor === "balance" ? balanceCents : anchor === "equity" ? equityCents : higher;
  const highest = Math.max(highestCents, balanceCents);
  return {
    anchorCents,
    highestCents: highest,
    dailyFloorCents: dailyFloorCents(rules, anchorCents),
    maximumFloorCents: maximumFloorCents(rules, highest),
  };
}
