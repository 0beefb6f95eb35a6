import { OptionError } from "../../core/errors.js";
import type { AccountRules } from "./account-rules.js";
import type { AccountState } from "./account-state.js";
import { inCents } from "./cents.js";
import { judge } from "./judge-account.js";
import { passMidnights } from "./midnights.js";

/** The account as it is seen at a time. */
export interface AccountSeen {
  readonly kind: "account";
  readonly atUs: number;
  /** Of closed trades, with their commissions, and swaps. */
  readonly balanceUsd: number;
  /** Of open positions, with their commissions. */
  readonly floatingUsd: number;
  readonly openPositions: number;
}

/** A position is opened; before the account is seen with it. */
export interface PositionOpened {
  readonly kind: "opened";
  readonly atUs: number;
}

/**
 * A swap is booked into the balance. Those of a midnight come before all other events of that time, and the midnight is passed with
 * the first event that is none of them.
 */
export interface SwapBooked {
  readonly kind: "swap";
  readonly atUs: number;
  /** Below 0 when paid. */
  readonly amountUsd: number;
}

/** What can happen to an account. */
export type AccountEvent = AccountSeen | PositionOpened | SwapBooked;

/**
 * The account after an event. At each local midnight up to the event's time, in this order: the swaps of that time are booked,
 * the anchor is set from the account as it was last seen, and the equity is tested against the new floors. Equity that equals a
 * floor breaks no rule.
 *
 * @param event - at the state's time or later
 * @returns the same state where nothing changed, and where the account has failed or passed
 * @throws {OptionError} the event is earlier than one before it, or its money is no number
 */
export function stepAccount(
  rules: AccountRules,
  state: AccountState,
  event: AccountEvent,
): AccountState {
  if (state.status !== "active") return state;
  if (!(event.atUs >= state.atUs)) throw outOfOrder(state, event);
  switch (event.kind) {
    case "account":
      return seeAccount(rules, state, event);
    case "opened":
      return openPosition(passMidnights(rules, state, event.atUs), event.atUs);
    case "swap":
      return bookSwap(rules, state, event);
  }
}

function seeAccount(rules: AccountRules, state: AccountState, event: AccountSeen): AccountState {
  const { atUs, balanceUsd, floatingUsd, openPositions } = event;
  const balanceCents = inCents(balanceUsd);
  const equityCents = inCents(balanceUsd + floatingUsd);
  const now = atUs < state.dayEndUs ? state : passMidnights(rules, state, atUs);
  const isSame =
    now.equityCents === equityCents &&
    now.balanceCents === balanceCents &&
    now.openPositions === openPositions;
  if (isSame || now.status !== "active") return now;
  const { openedDays, openedDate } = now;
  const change = { atUs, balanceCents, equityCents, openPositions, openedDays, openedDate };
  return judge(rules, moved(now, change), atUs);
}

function openPosition(state: AccountState, atUs: number): AccountState {
  const { status, date, openedDate, openedDays, openPositions, balanceCents, equityCents } = state;
  const isNewDay = openedDate !== date;
  if (status !== "active" || (!isNewDay && openPositions > 0)) return state;
  return moved(state, {
    atUs,
    balanceCents,
    equityCents,
    // Whatever the account is worth now, it is not flat.
    openPositions: Math.max(1, openPositions),
    openedDate: date,
    openedDays: openedDays + (isNewDay ? 1 : 0),
  });
}

function bookSwap(rules: AccountRules, state: AccountState, event: SwapBooked): AccountState {
  const { atUs, amountUsd } = event;
  const cents = inCents(amountUsd);
  const before = passMidnights(rules, state, atUs, { isLastLeft: true });
  if (before.status !== "active") return before;
  const booked = {
    ...before,
    atUs,
    balanceCents: before.balanceCents + cents,
    equityCents: before.equityCents + cents,
  };
  // Until the midnight itself is passed, more swaps may be booked at it.
  return booked.dayEndUs === atUs ? booked : judge(rules, booked, atUs);
}

/** What events between two midnights change. */
type Moved = Pick<
  AccountState,
  "atUs" | "balanceCents" | "equityCents" | "openPositions" | "openedDays" | "openedDate"
>;

/** The state with a change. A spread of so many fields takes V8 forty times as long, and this runs at every price. */
function moved(state: AccountState, change: Moved): AccountState {
  return {
    phase: state.phase,
    status: state.status,
    atUs: change.atUs,
    date: state.date,
    dayEndUs: state.dayEndUs,
    balanceCents: change.balanceCents,
    equityCents: change.equityCents,
    openPositions: change.openPositions,
    anchorCents: state.anchorCents,
    dailyFloorCents: state.dailyFloorCents,
    maximumFloorCents: state.maximumFloorCents,
    highestCents: state.highestCents,
    dayStartCents: state.dayStartCents,
    bestDayCents: state.bestDayCents,
    openedDays: change.openedDays,
    openedDate: change.openedDate,
    passedUs: state.passedUs,
    failure: state.failure,
  };
}

function outOfOrder(state: AccountState, event: AccountEvent): OptionError {
  return new OptionError({
    column: `${event.kind} event`,
    message: `was at ${event.atUs} µs, expected ${state.atUs} µs or later`,
    fix: "hand over events in order of time",
  });
}
