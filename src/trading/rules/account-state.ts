import { OptionError } from "../../core/errors.js";
import { localDay } from "../../core/local-day.js";
import type { AccountRules, PhaseRules } from "./account-rules.js";
import { inCents, shareCents } from "./cents.js";

/** A rule that an account can break by its equity. */
export type LossRule = "daily-loss" | "maximum-loss";

/** How an account failed. */
export interface AccountFailure {
  readonly rule: LossRule;
  readonly atUs: number;
  readonly equityUsd: number;
  /** What the equity should not have been below. */
  readonly floorUsd: number;
}

/**
 * An account under its rules, in one phase: plain JSON that holds no missing number, so that it is saved and restored as it is.
 * Money is in whole cents.
 */
export interface AccountState {
  readonly phase: string;
  /** What is failed or passed stays so. */
  readonly status: "active" | "passed" | "failed";
  /** Time of the last event that changed anything. */
  readonly atUs: number;
  /** The local day, and where it ends. */
  readonly date: string;
  readonly dayEndUs: number;
  /** Of closed trades, with their commissions, and swaps. */
  readonly balanceCents: number;
  readonly equityCents: number;
  readonly openPositions: number;
  /** What the day's floor lies below. */
  readonly anchorCents: number;
  readonly dailyFloorCents: number;
  readonly maximumFloorCents: number;
  /** Highest balance at the end of a day, or the initial capital. */
  readonly highestCents: number;
  /** Balance when the day began, and the best profit of a day that has ended. */
  readonly dayStartCents: number;
  readonly bestDayCents: number;
  /** Days on which a position was opened, and the last of them; "" for none. */
  readonly openedDays: number;
  readonly openedDate: string;
  readonly passedUs: number | null;
  readonly failure: AccountFailure | null;
}

/**
 * An account as a phase begins with it: the initial capital, nothing open, and floors that are counted from that capital.
 *
 * @param phase - one of the rules'
 * @param atUs - µs since the epoch
 * @throws {OptionError} the rules have no such phase
 */
export function beginPhase(rules: AccountRules, phase: string, atUs: number): AccountState {
  phaseRules(rules, phase);
  const initial = inCents(rules.initialUsd);
  const day = localDay(rules.timeZone, atUs);
  return {
    phase,
    status: "active",
    atUs,
    date: day.date,
    dayEndUs: day.endUs,
    balanceCents: initial,
    equityCents: initial,
    openPositions: 0,
    anchorCents: initial,
    dailyFloorCents: dailyFloorCents(rules, initial),
    maximumFloorCents: maximumFloorCents(rules, initial),
    highestCents: initial,
    dayStartCents: initial,
    bestDayCents: 0,
    openedDays: 0,
    openedDate: "",
    passedUs: null,
    failure: null,
  };
}

/**
 * The phase after one that was passed: balance, anchor and days begin anew.
 *
 * @throws {OptionError} the phase was not passed, or is the last
 */
export function nextPhase(rules: AccountRules, state: AccountState, atUs: number): AccountState {
  const at = rules.phases.findIndex(({ name }) => name === state.phase);
  const next = rules.phases[at + 1];
  if (state.status !== "passed" || next === undefined) {
    throw new OptionError({
      column: "phase",
      message: `was ${state.phase}, which is ${next === undefined ? "the last" : state.status}`,
      fix: "go on only from a phase that is passed and has one after it",
    });
  }
  return beginPhase(rules, next.name, atUs);
}

/**
 * The rules of a phase.
 *
 * @throws {OptionError} there is none of that name
 */
export function phaseRules(rules: AccountRules, phase: string): PhaseRules {
  const found = rules.phases.find(({ name }) => name === phase);
  if (found !== undefined) return found;
  throw new OptionError({
    column: "phase",
    message: `was ${JSON.stringify(phase)}, which ${rules.name} does not have`,
    fix: `use one of ${rules.phases.map(({ name }) => name).join(", ")}`,
  });
}

/** Floor of a day with this anchor. */
export function dailyFloorCents(rules: AccountRules, anchorCents: number): number {
  const { ratio, of } = rules.dailyLoss;
  return anchorCents - shareCents(ratio, of === "anchor" ? anchorCents : inCents(rules.initialUsd));
}

/** Floor of the whole account, given its highest balance at the end of a day. */
export function maximumFloorCents(rules: AccountRules, highestCents: number): number {
  const { ratio, kind } = rules.maximumLoss;
  const initial = inCents(rules.initialUsd);
  return (kind === "static" ? initial : highestCents) - shareCents(ratio, initial);
}
