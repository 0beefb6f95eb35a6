import type { AccountRules } from "./account-rules.js";
import type { AccountState, LossRule } from "./account-state.js";
import { inCents, inUsd, shareCents } from "./cents.js";
import { midnightFloors } from "./midnights.js";

/** Both floors of an account; the higher is the one that counts. */
export interface Floors {
  readonly dailyUsd: number;
  readonly maximumUsd: number;
  readonly floorUsd: number;
  /** Whose floor that is; the maximum loss's where they are equal. */
  readonly rule: LossRule;
  /** Equity less the floor; a rule is broken below 0. */
  readonly headroomUsd: number;
}

/** Where an account stands between its floors. */
export interface AccountFloors extends Floors {
  readonly equityUsd: number;
  /** What a day may lose in all, counted from its anchor. */
  readonly dailyAllowanceUsd: number;
  /** What the account may lose in all. */
  readonly maximumAllowanceUsd: number;
  /** The floors from the next local midnight on if the account stays as it is. */
  readonly afterMidnight: Floors;
}

/** The floors now and after the next local midnight, and how far the equity is above them, in dollars. */
export function accountFloors(rules: AccountRules, state: AccountState): AccountFloors {
  const { dailyUsd, maximumUsd, floorUsd, rule, headroomUsd } = floorsOf(state, state.equityCents);
  return {
    dailyUsd,
    maximumUsd,
    floorUsd,
    rule,
    headroomUsd,
    equityUsd: inUsd(state.equityCents),
    dailyAllowanceUsd: inUsd(state.anchorCents - state.dailyFloorCents),
    maximumAllowanceUsd: inUsd(shareCents(rules.maximumLoss.ratio, inCents(rules.initialUsd))),
    afterMidnight: floorsOf(midnightFloors(rules, state), state.equityCents),
  };
}

/** What an entry may put at risk: the headroom now, or after the next midnight where that is less. */
export function entryHeadroomUsd({ headroomUsd, afterMidnight }: AccountFloors): number {
  return Math.min(headroomUsd, afterMidnight.headroomUsd);
}

function floorsOf(
  {
    dailyFloorCents,
    maximumFloorCents,
  }: Pick<AccountState, "dailyFloorCents" | "maximumFloorCents">,
  equityCents: number,
): Floors {
  const floorCents = Math.max(dailyFloorCents, maximumFloorCents);
  return {
    dailyUsd: inUsd(dailyFloorCents),
    maximumUsd: inUsd(maximumFloorCents),
    floorUsd: inUsd(floorCents),
    rule: maximumFloorCents >= dailyFloorCents ? "maximum-loss" : "daily-loss",
    headroomUsd: inUsd(equityCents - floorCents),
  };
}
