// What must be done before a rule breaks? Exits are never blocked: every answer lets a position be reduced.
import { MINUTE_US } from "../../core/time.js";
import type { AccountRules } from "./account-rules.js";
import { type AccountState, phaseRules } from "./account-state.js";
import { type Position, type StressMoves, stressLossUsd } from "./exposure.js";
import { type AccountFloors, accountFloors } from "./floors.js";
import { splitOrder } from "./split-order.js";
import { calendarLimit, type TradingCalendar } from "./trading-calendar.js";

/** How far from the floors the guard acts. */
export interface GuardSettings {
  /** Nothing is opened while less than this share of the day's allowance is left. */
  readonly reduceRatio: number;
  /** All is closed when less than this share is left: of the day's allowance until midnight, of the account's for ever. */
  readonly flattenRatio: number;
  /** Minutes before local midnight from which on the floors after it count, too. */
  readonly midnightMinutes: number;
  /** Minutes before a break of the market at which the account is flat. */
  readonly breakMinutes: number;
  readonly stress: StressMoves;
}

/** What a guard remembers; plain JSON, to be saved with the account. */
export interface GuardState {
  /** Why nothing may be opened, and until when; null of the time is for ever. */
  readonly block: { readonly reason: string; readonly untilUs: number | null } | null;
}

/** What is to be done. */
export interface GuardVerdict {
  /** `reduce-only` opens nothing, `flatten` closes all besides. */
  readonly action: "ok" | "reduce-only" | "flatten";
  /** In words; "" for `ok`. */
  readonly reason: string;
  /** When it ends at the earliest; null for what ends with its reason, and for what never ends. */
  readonly untilUs: number | null;
  /** To be kept for the next question; the same one where nothing changed. */
  readonly state: GuardState;
}

/** What a guard looks at. */
export interface Guarded {
  readonly account: AccountState;
  readonly guard: GuardState;
  readonly positions: readonly Position[];
  /** At the account's time or later. */
  readonly atUs: number;
  /** True while the price of something held is too old to go by. */
  readonly hasOldPrice?: boolean;
  readonly calendar?: TradingCalendar;
}

/** A guard that has not seen anything. */
export const NO_BLOCK: GuardState = { block: null };

/**
 * Settings that leave an account some room: nothing new at a quarter of the day's allowance, flat at a tenth, and ten minutes before
 * midnight for what it would break. The moves are those that the coins made within minutes on their wildest days.
 */
export const GUARD_SETTINGS: GuardSettings = {
  reduceRatio: 0.25,
  flattenRatio: 0.1,
  midnightMinutes: 10,
  breakMinutes: 10,
  stress: { other: 0.05, bySymbol: { BTC: 0.03, ETH: 0.04 } },
};

/**
 * What must be done now so that no rule breaks. A block outlives restarts with its state, and ends at the local midnight after it
 * began, or never.
 */
export function guardAccount(
  rules: AccountRules,
  settings: GuardSettings,
  guarded: Guarded,
): GuardVerdict {
  const { account, atUs } = guarded;
  const untilUs = guarded.guard.block?.untilUs ?? null;
  const isOver = untilUs !== null && atUs >= untilUs;
  const state = isOver ? NO_BLOCK : guarded.guard;
  if (account.status !== "active") {
    return { action: "flatten", reason: account.status, untilUs: null, state };
  }
  const floors = accountFloors(rules, account);
  const stopped = nearMaximum(floors, settings);
  if (stopped !== "" && state.block?.untilUs !== null) return blocked(stopped, null);
  if (state.block !== null) return { action: "flatten", ...state.block, state };
  const today = nearDaily(floors, settings, guarded);
  if (today !== "") return blocked(today, account.dayEndUs);
  return { ...withoutBlock(rules, settings, guarded, floors), state };
}

/** What a guard lets through of an order: all of it, or the part that reduces the position. */
export function guardedAmount(
  action: GuardVerdict["action"],
  position: number,
  amount: number,
): number {
  return action === "ok" ? amount : splitOrder(position, amount).reducing;
}

function blocked(reason: string, untilUs: number | null): GuardVerdict {
  return { action: "flatten", reason, untilUs, state: { block: { reason, untilUs } } };
}

/** The floor of the account does not move away over night, so that whoever is near it stays so. */
function nearMaximum(floors: AccountFloors, { flattenRatio }: GuardSettings): string {
  const roomUsd = floors.equityUsd - floors.maximumUsd;
  return roomUsd < flattenRatio * floors.maximumAllowanceUsd ? "near the maximum loss" : "";
}

function nearDaily(
  floors: AccountFloors,
  { flattenRatio, midnightMinutes, stress }: GuardSettings,
  { account, positions, atUs }: Guarded,
): string {
  const bufferUsd = flattenRatio * floors.dailyAllowanceUsd;
  if (floors.equityUsd - floors.dailyUsd < bufferUsd) return "near the daily loss";
  if (positions.every(({ amount }) => amount === 0)) return "";
  const stressUsd = stressLossUsd(positions, stress);
  if (floors.headroomUsd < stressUsd) return "a stress move would break a rule";
  const isLate = account.dayEndUs - atUs <= midnightMinutes * MINUTE_US;
  const { equityUsd, afterMidnight } = floors;
  const isNear =
    afterMidnight.headroomUsd < stressUsd || equityUsd - afterMidnight.dailyUsd < bufferUsd;
  return isLate && isNear ? "what floats would break a rule at midnight" : "";
}

function withoutBlock(
  rules: AccountRules,
  { reduceRatio, breakMinutes, stress }: GuardSettings,
  { account, positions, atUs, hasOldPrice, calendar }: Guarded,
  floors: AccountFloors,
): Omit<GuardVerdict, "state"> {
  const phase = phaseRules(rules, account.phase);
  const limit = calendar && calendarLimit(phase, calendar, { atUs, flatMinutes: breakMinutes });
  if (limit?.kind === "break") {
    return { action: "flatten", reason: "before a break", untilUs: limit.untilUs };
  }
  if (limit) return { action: "reduce-only", reason: "news", untilUs: limit.untilUs };
  const roomUsd = floors.equityUsd - floors.dailyUsd;
  if (roomUsd < reduceRatio * floors.dailyAllowanceUsd) {
    return { action: "reduce-only", reason: "little left of the day's allowance", untilUs: null };
  }
  // Closing at a price that nobody knows helps no one, and what the account is worth is not known either.
  if (Number.isNaN(stressLossUsd(positions, stress))) {
    return { action: "reduce-only", reason: "a position has no price", untilUs: null };
  }
  if (hasOldPrice === true) {
    return { action: "reduce-only", reason: "a position's price is too old", untilUs: null };
  }
  return { action: "ok", reason: "", untilUs: null };
}
