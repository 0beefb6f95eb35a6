// For tests and fault campaigns only: what happens to an account, drawn so that it meets the edges of its rules.
import type { Random } from "../../core/random.js";
import type { AccountRules } from "./account-rules.js";
import { lastSunday, type SlowAccount, type SlowFloors } from "./slow-account.js";
import type { AccountEvent } from "./step-account.js";

const MINUTE = 60e6;
const DAY = 1440 * MINUTE;
const YEARS = 10;

/** A time in ten years, near a change of clocks one time in three. */
export function drawBegin(random: Random): number {
  const year = 2016 + random.below(YEARS);
  if (random.uniform() < 0.33) {
    return lastSunday(year, random.uniform() < 0.5 ? 2 : 9) - random.below(3 * DAY);
  }
  return 1000 * Date.UTC(year, 0, 1) + random.below(365 * DAY);
}

/** What one account is drawn with. */
export interface RandomAccount {
  readonly random: Random;
  readonly rules: AccountRules;
  /** Chance that an event goes for the wrong side of an edge. */
  readonly daring: number;
}

/** The next event of an account, given what the slow model knows of it. */
export function drawEvent(
  { random, rules, daring }: RandomAccount,
  account: SlowAccount,
): AccountEvent {
  const kind = random.uniform();
  if (kind < 0.08) return drawSwap(random, account);
  const atUs = drawTime(random, account);
  if (kind < 0.2) return { kind: "opened", atUs };
  const floors = atUs < account.dayEndUs ? account.floors() : account.floorsAfterMidnight();
  const draw = random.uniform();
  if (draw < 0.25) return drawEdge({ random, rules, daring }, account, { atUs, floors });
  if (draw < 0.32) return drawTarget(random, rules, account, atUs);
  const { balance, equity } = account.last;
  const floating = equity - balance;
  if (draw < 0.5) return seen(atUs, equity / 100, 0, 0);
  // A hundredth of the room at a time, up and down; and cents of cents, which round.
  const step = 0.03 * account.initial * random.normal();
  const room = equity - Math.max(floors.daily, floors.maximum);
  const moved = Math.max(floating + step, floating - room * 0.8);
  return seen(atUs, balance / 100, Math.round(moved) / 100 + 0.004 * random.uniform(), 1);
}

/** Swaps of the next midnight, or of now. */
function drawSwap(random: Random, account: SlowAccount): AccountEvent {
  const atUs = random.uniform() < 0.8 ? account.dayEndUs : account.last.atUs;
  return { kind: "swap", atUs, amountUsd: Math.round(100 * 20 * random.normal()) / 100 };
}

/** Just before, at or after a midnight, some days on, at the same time, or a little later. */
function drawTime(random: Random, { dayEndUs, last }: SlowAccount): number {
  const draw = random.uniform();
  // Swaps of the midnight may be booked already.
  if (draw < 0.1) return Math.max(last.atUs, dayEndUs - 1);
  if (draw < 0.2) return dayEndUs;
  if (draw < 0.25) return dayEndUs + 1;
  if (draw < 0.3) return dayEndUs + random.below(4 * DAY);
  if (draw < 0.35) return last.atUs;
  return last.atUs + random.below((draw < 0.7 ? 30 : 600) * MINUTE);
}

/** Equity at a floor of now or of the next midnight, a cent beside it, or a part of a cent below, which is none. */
function drawEdge(
  { random, daring }: RandomAccount,
  account: SlowAccount,
  { atUs, floors }: { readonly atUs: number; readonly floors: SlowFloors },
): AccountEvent {
  const next = account.floorsAfterMidnight();
  const pick = random.below(4);
  const floor = [floors.daily, floors.maximum, next.daily, next.maximum][pick]!;
  const higher = Math.max(floor, floors.daily, floors.maximum);
  const aim = random.uniform() < daring ? floor - 1 : higher + [0, 0, 1, -0.49][random.below(4)]!;
  const { balance } = account.last;
  const isFlat = random.uniform() < 0.1;
  return isFlat ? seen(atUs, aim / 100, 0, 0) : seen(atUs, balance / 100, (aim - balance) / 100, 1);
}

/** A flat account at its target, or a cent below. */
function drawTarget(
  random: Random,
  rules: AccountRules,
  account: SlowAccount,
  atUs: number,
): AccountEvent {
  const ratios = rules.phases.map(({ targetRatio }) => targetRatio ?? 0.1);
  const target = account.initial * (1 + ratios[random.below(ratios.length)]!);
  return seen(atUs, (Math.round(target) - random.below(2)) / 100, 0, random.below(2));
}

function seen(
  atUs: number,
  balanceUsd: number,
  floatingUsd: number,
  openPositions: number,
): AccountEvent {
  return { kind: "account", atUs, balanceUsd, floatingUsd, openPositions };
}
