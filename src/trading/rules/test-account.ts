// For tests only: what happens to an account in Prague, in few words.
import { DateTime } from "luxon";
import type { AccountRules } from "./account-rules.js";
import { type AccountState, beginPhase } from "./account-state.js";
import { type AccountEvent, stepAccount } from "./step-account.js";

/** A local time in Prague, `2024-03-31 23:59:59`, as µs; the earlier one where a clock shows it twice. */
export function prague(time: string): number {
  return 1000 * DateTime.fromSQL(time, { zone: "Europe/Prague" }).toMillis();
}

/** The account is seen; it is flat unless something floats or it says otherwise. */
export function seen(
  time: string,
  balanceUsd: number,
  floatingUsd = 0,
  openPositions: number = floatingUsd === 0 ? 0 : 1,
): AccountEvent {
  return { kind: "account", atUs: prague(time), balanceUsd, floatingUsd, openPositions };
}

/** A position is opened. */
export function opened(time: string): AccountEvent {
  return { kind: "opened", atUs: prague(time) };
}

/** A swap is booked. */
export function swap(time: string, amountUsd: number): AccountEvent {
  return { kind: "swap", atUs: prague(time), amountUsd };
}

/** An account that began on Monday, 4 March 2024, at 09:00 in its first phase, after these events. */
export function after(rules: AccountRules, ...events: readonly AccountEvent[]): AccountState {
  const begun = beginPhase(rules, rules.phases[0]!.name, prague("2024-03-04 09:00"));
  return events.reduce((state, event) => stepAccount(rules, state, event), begun);
}
