// For tests and fault campaigns only: the rules of an account once more, slow and plain, to hold the machine against. It shares
// no code with it: days by the law of summer time, money by whole numbers, verdicts from the list of all that happened.
import type { AccountRules } from "./account-rules.js";
import type { AccountEvent } from "./step-account.js";

const HOUR = 3600e6;
const DAY = 24 * HOUR;

/** The account after something happened, cents. */
interface Moment {
  readonly atUs: number;
  readonly balance: number;
  readonly equity: number;
  readonly open: number;
  readonly isOpening: boolean;
  /** A swap of the midnight that ends the day: it is judged by the floors after it. */
  readonly isMidnightSwap: boolean;
}

const PLAIN = { isOpening: false, isMidnightSwap: false } as const;

/** What is remembered of a day that is over, cents. */
interface PastDay {
  readonly profit: number;
  readonly endBalance: number;
  readonly endEquity: number;
  readonly hasOpening: boolean;
}

/** How an account ended. */
export interface SlowEnd {
  readonly what: "passed" | "daily-loss" | "maximum-loss";
  readonly atUs: number;
  readonly equity: number;
  readonly floor: number;
}

/** Floors, cents. */
export interface SlowFloors {
  readonly daily: number;
  readonly maximum: number;
}

/** An account that keeps what happened and judges all of the day anew at each question. */
export class SlowAccount {
  readonly initial: number;
  end: SlowEnd | undefined;
  private readonly rules: AccountRules;
  private readonly phase: AccountRules["phases"][number];
  private readonly past: PastDay[] = [];
  private today: Moment[];
  private midnightUs: number;

  constructor(rules: AccountRules, phase: string, atUs: number) {
    this.rules = rules;
    this.phase = rules.phases.find(({ name }) => name === phase)!;
    this.initial = wholeCents(rules.initialUsd);
    this.midnightUs = midnightAfter(rules.timeZone, atUs);
    const { initial } = this;
    this.today = [{ atUs, balance: initial, equity: initial, open: 0, ...PLAIN }];
  }

  /** The next midnight that is not over. */
  get dayEndUs(): number {
    return this.midnightUs;
  }

  /** Balance and equity as they were last heard of, cents. */
  get last(): Moment {
    return this.today.at(-1)!;
  }

  /** Days on which a position was opened. */
  get openedDays(): number {
    return this.openedDaysAt(this.today.length - 1);
  }

  /** Takes in an event and judges the account at it, and at each midnight before. */
  tell(event: AccountEvent): void {
    const isSwap = event.kind === "swap";
    while (this.end === undefined) {
      const isOver = isSwap ? this.midnightUs < event.atUs : this.midnightUs <= event.atUs;
      if (!isOver) break;
      this.closeDay();
    }
    if (this.end !== undefined) return;
    const isMidnightSwap = isSwap && event.atUs === this.midnightUs;
    this.today.push({ ...momentAfter(this.last, event), isMidnightSwap });
    this.judge();
  }

  /** Floors of the day. */
  floors(): SlowFloors {
    const yesterday = this.past.at(-1);
    return this.floorsFrom(
      yesterday === undefined ? this.initial : this.anchorOf(yesterday),
      this.past,
    );
  }

  /** Floors after the next midnight if nothing happens before it. */
  floorsAfterMidnight(): SlowFloors {
    const day = this.dayAsItIs();
    return this.floorsFrom(this.anchorOf(day), [...this.past, day]);
  }

  private openedDaysAt(moment: number): number {
    const days = this.past.filter(({ hasOpening }) => hasOpening).length;
    return days + (this.today.some(({ isOpening }, i) => isOpening && i <= moment) ? 1 : 0);
  }

  private dayAsItIs(): PastDay {
    const { balance: endBalance, equity: endEquity } = this.last;
    const startBalance = this.past.at(-1)?.endBalance ?? this.initial;
    return {
      profit: endBalance - startBalance,
      endBalance,
      endEquity,
      hasOpening: this.today.some(({ isOpening }) => isOpening),
    };
  }

  private anchorOf({ endBalance, endEquity }: PastDay): number {
    const { anchor } = this.rules.dailyLoss;
    if (anchor === "balance") return endBalance;
    if (anchor === "equity") return endEquity;
    return Math.max(endBalance, endEquity);
  }

  private floorsFrom(anchor: number, days: readonly PastDay[]): SlowFloors {
    const { dailyLoss, maximumLoss } = this.rules;
    const { initial } = this;
    let top = initial;
    if (maximumLoss.kind === "trailing") {
      for (const { endBalance } of days) if (endBalance > top) top = endBalance;
    }
    const base = dailyLoss.of === "initial" ? initial : anchor;
    return {
      daily: anchor - share(dailyLoss.ratio, base),
      maximum: top - share(maximumLoss.ratio, initial),
    };
  }

  private closeDay(): void {
    const atUs = this.midnightUs;
    const first = { ...this.last, ...PLAIN, atUs };
    this.past.push(this.dayAsItIs());
    this.today = [first];
    this.midnightUs = midnightAfter(this.rules.timeZone, atUs);
    this.judge();
  }

  /** The first moment of the day that breaks a rule or passes. */
  private judge(): void {
    const { daily, maximum } = this.floors();
    for (const [i, { atUs, equity, isMidnightSwap }] of this.today.entries()) {
      if (isMidnightSwap) continue;
      const floor = Math.max(daily, maximum);
      const what = daily > maximum ? "daily-loss" : "maximum-loss";
      if (equity < floor) this.end = { what, atUs, equity, floor };
      else if (this.passesAt(i)) this.end = { what: "passed", atUs, equity, floor };
      if (this.end !== undefined) return;
    }
  }

  private passesAt(moment: number): boolean {
    const { balance, open } = this.today[moment]!;
    const { targetRatio, leastDays, bestDayRatio } = this.phase;
    if (open !== 0 || targetRatio === null) return false;
    if (this.openedDaysAt(moment) < leastDays) return false;
    if (balance < this.initial + share(targetRatio, this.initial)) return false;
    const startBalance = this.past.at(-1)?.endBalance ?? this.initial;
    const best = Math.max(balance - startBalance, ...this.past.map(({ profit }) => profit));
    return bestDayRatio === null || best * 1e4 <= (balance - this.initial) * bps(bestDayRatio);
  }
}

function momentAfter(last: Moment, event: AccountEvent): Moment {
  const { atUs } = event;
  if (event.kind === "opened") {
    return { ...last, ...PLAIN, atUs, open: last.open || 1, isOpening: true };
  }
  if (event.kind === "swap") {
    const cents = wholeCents(event.amountUsd);
    const [balance, equity] = [last.balance + cents, last.equity + cents];
    return { atUs, balance, equity, open: last.open, ...PLAIN };
  }
  return {
    atUs,
    balance: wholeCents(event.balanceUsd),
    equity: wholeCents(event.balanceUsd + event.floatingUsd),
    open: event.openPositions,
    ...PLAIN,
  };
}

function wholeCents(usd: number): number {
  return Math.floor(usd * 100 + 0.5);
}

function bps(ratio: number): number {
  return Number((1e4 * ratio).toFixed(0));
}

/** By whole numbers: the remainder decides. */
function share(ratio: number, cents: number): number {
  const product = bps(ratio) * cents;
  const down = Math.floor(product / 1e4);
  return product - down * 1e4 >= 5000 ? down + 1 : down;
}

/** The first midnight after a time: Prague's, or else UTC's. */
export function midnightAfter(zone: string, atUs: number): number {
  if (zone !== "Europe/Prague") return (Math.floor(atUs / DAY) + 1) * DAY;
  const nextUs = (Math.floor((atUs + pragueOffset(atUs)) / DAY) + 1) * DAY;
  // Clocks change at 01:00 UTC, when it is two or three hours after midnight.
  return pragueOffset(nextUs - 2 * HOUR) === 2 * HOUR ? nextUs - 2 * HOUR : nextUs - HOUR;
}

/** Summer time in the European Union: from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October. */
function pragueOffset(atUs: number): number {
  const year = new Date(atUs / 1000).getUTCFullYear();
  const isSummer = atUs >= lastSunday(year, 2) && atUs < lastSunday(year, 9);
  return isSummer ? 2 * HOUR : HOUR;
}

/** 01:00 UTC on the last Sunday of a month of 31 days. */
export function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month, 31, 1));
  return 1000 * Date.UTC(year, month, 31 - last.getUTCDay(), 1);
}
