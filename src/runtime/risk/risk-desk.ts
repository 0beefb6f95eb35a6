// What may a run do with its account? The rules' state, the guard that acts before they break, cooldowns and sizes, in one place.
import { localDay } from "../../core/local-day.js";
import { STALE_AFTER_US } from "../../market/order-book.js";
import { FUNDING_INTERVAL_US } from "../../trading/funding.js";
import type { ClosedLot } from "../../trading/lots.js";
import type { Portfolio } from "../../trading/portfolio.js";
import type { AccountRules } from "../../trading/rules/account-rules.js";
import { type AccountState, beginPhase, nextPhase } from "../../trading/rules/account-state.js";
import {
  afterTrade,
  type CooldownSettings,
  type CooldownState,
  isCoolingDown,
  NO_LOSSES,
} from "../../trading/rules/cooldown.js";
import { exposureUsd, type Position, withAhead } from "../../trading/rules/exposure.js";
import { type AccountFloors, accountFloors, entryHeadroomUsd } from "../../trading/rules/floors.js";
import {
  type GuardSettings,
  type GuardState,
  type GuardVerdict,
  guardAccount,
  NO_BLOCK,
} from "../../trading/rules/guard.js";
import { type SizedEntry, sizeEntry } from "../../trading/rules/size-entry.js";
import { stepAccount } from "../../trading/rules/step-account.js";
import type { TradingCalendar } from "../../trading/rules/trading-calendar.js";
import { wouldPass } from "../../trading/rules/would-pass.js";
import { PHASE_BEGINS } from "../records.js";

/** What the account must keep to. */
export interface RiskSettings {
  readonly rules: AccountRules;
  /** The first phase. */
  readonly phase: string;
  readonly guard: GuardSettings;
  readonly cooldown: CooldownSettings;
  /** Fee and half the spread that an order is sized with, a ratio of its value. */
  readonly costRatio: number;
  /** Share of a position's value that holding it over a local midnight costs, long or short. */
  readonly swapRatio: number;
  /** Share of its value that a long pays a short every eight hours. */
  readonly fundingRate: number;
  readonly calendar?: TradingCalendar;
}

/** The desk's memory as plain JSON. */
export interface RiskState {
  readonly account: AccountState;
  readonly guard: GuardState;
  readonly cooldown: CooldownState;
  /** Up to when funding was paid. */
  readonly fundedUs: number;
  /** Balance of the portfolio that the phase's initial capital stands for, less that capital. */
  readonly offsetUsd: number;
  readonly action: GuardVerdict["action"];
  readonly reason: string;
}

/** Something that has changed, for whoever operates the run. */
export interface RiskNews {
  readonly atUs: number;
  readonly name: string;
  readonly detail: string;
}

const TARGET_REACHED = { action: "flatten", reason: "the target is reached" } as const;

/** Watches one portfolio. */
export class RiskDesk {
  private readonly settings: RiskSettings;
  private readonly portfolio: Portfolio;
  private readonly staleAfterUs: number;
  private state: RiskState;
  private news: RiskNews[] = [];

  /**
   * @param options.atUs - when the account begins
   * @param options.staleAfterUs - while the price of something held is older, nothing is entered
   */
  constructor(
    settings: RiskSettings,
    portfolio: Portfolio,
    { atUs, staleAfterUs }: { readonly atUs: number; readonly staleAfterUs?: number | undefined },
  ) {
    this.settings = settings;
    this.portfolio = portfolio;
    this.staleAfterUs = staleAfterUs ?? STALE_AFTER_US;
    this.state = {
      account: beginPhase(settings.rules, settings.phase, atUs),
      guard: NO_BLOCK,
      cooldown: NO_LOSSES,
      fundedUs: atUs,
      offsetUsd: 0,
      action: "ok",
      reason: "",
    };
  }

  get account(): AccountState {
    return this.state.account;
  }

  /** What is to be done now. */
  get action(): GuardVerdict["action"] {
    return this.state.action;
  }

  /** Why it is to be done, in words. */
  get reason(): string {
    return this.state.reason;
  }

  /** Why nothing may be entered at the end of a bar; "" where something may. */
  entryBar(barEndUs: number): string {
    if (this.state.action !== "ok") return this.state.reason;
    return isCoolingDown(this.state.cooldown, barEndUs) ? "cooldown after losses" : "";
  }

  /** The account's floors. */
  floors(): AccountFloors {
    return accountFloors(this.settings.rules, this.state.account);
  }

  /** The portfolio's balance and equity as the present phase counts them. */
  value(): Readonly<Record<"balanceUsd" | "floatingUsd" | "equityUsd", number>> {
    const { balanceUsd, floatingUsd } = this.portfolio.value();
    const own = balanceUsd - this.state.offsetUsd;
    return { balanceUsd: own, floatingUsd, equityUsd: own + floatingUsd };
  }

  /**
   * Looks at the account. Cheap where it is worth what it was: called at each price of what is held.
   *
   * @returns true where something must be done
   */
  look(atUs: number): boolean {
    this.payHolding(atUs);
    const { balanceUsd, floatingUsd } = this.value();
    if (Number.isNaN(floatingUsd)) return false;
    const openPositions = this.portfolio.openPositions;
    const before = this.state.account;
    // A fill is known later than it happened: the account never goes back.
    const nowUs = Math.max(atUs, before.atUs);
    const seen = { kind: "account", atUs: nowUs, balanceUsd, floatingUsd, openPositions } as const;
    const account = stepAccount(this.settings.rules, before, seen);
    if (account === before) return false;
    this.judge(account, nowUs);
    return this.state.action === "flatten" && openPositions > 0;
  }

  /** The same, also where nothing has changed: time alone may. */
  lookAgain(atUs: number): void {
    this.look(atUs);
    this.judge(this.state.account, Math.max(atUs, this.state.account.atUs));
  }

  /**
   * Pays for holding what is held now, up to a time, before that changes: the funding of each of its times, and a swap at each local
   * midnight. The last midnight itself is passed with what happens next.
   */
  payHolding(atUs: number): void {
    const { swapRatio, fundingRate } = this.settings;
    if (fundingRate !== 0) this.payFunding(atUs);
    if (swapRatio !== 0) this.paySwaps(atUs);
  }

  /** A position is opened, or added to. */
  opened(atUs: number): void {
    const { account } = this.state;
    const event = { kind: "opened", atUs: Math.max(atUs, account.atUs) } as const;
    this.state = { ...this.state, account: stepAccount(this.settings.rules, account, event) };
  }

  /** Lots were closed. */
  closed(lots: readonly ClosedLot[]): void {
    for (const { closedUs, profitUsd } of lots) {
      const cooldown = afterTrade(this.settings.cooldown, this.state.cooldown, {
        closedUs,
        profitUsd,
      });
      if (cooldown.untilUs !== this.state.cooldown.untilUs) {
        this.tell(closedUs, "cooldown", "no entries for a while after losses");
      }
      this.state = { ...this.state, cooldown };
    }
  }

  /**
   * The part of an order that the account allows.
   *
   * @param ahead - what orders of other symbols may still trade, which counts as traded and paid where that holds more
   */
  size(wanted: Position, ahead: readonly Position[] = []): SizedEntry {
    const { rules, guard, costRatio } = this.settings;
    const floors = this.floors();
    const aheadUsd = costRatio * exposureUsd(ahead);
    return sizeEntry({
      ...{ ...wanted, rules, costRatio, stress: guard.stress },
      positions: withAhead(this.portfolio.positions(), ahead),
      equityUsd: floors.equityUsd - aheadUsd,
      headroomUsd: entryHeadroomUsd(floors) - aheadUsd,
      bufferUsd: guard.flattenRatio * floors.dailyAllowanceUsd,
    });
  }

  /** What has changed since the last call. */
  takeNews(): readonly RiskNews[] {
    const { news } = this;
    this.news = [];
    return news;
  }

  save(): RiskState {
    return this.state;
  }

  /** Takes over what a desk of the same settings saved. */
  restore(state: RiskState): void {
    this.state = state;
  }

  private judge(account: AccountState, atUs: number): void {
    const { rules, guard: settings, calendar } = this.settings;
    const positions = this.portfolio.positions();
    const before = this.state;
    const hasOldPrice = this.portfolio.hasOldPrice(atUs, this.staleAfterUs);
    const asked = { account, guard: before.guard, positions, atUs, hasOldPrice };
    const verdict = guardAccount(rules, settings, {
      ...asked,
      ...(calendar === undefined ? {} : { calendar }),
    });
    const { state: guard } = verdict;
    const closingUsd = this.settings.costRatio * this.portfolio.value().exposureUsd;
    const isPassing =
      verdict.action === "ok" &&
      !this.portfolio.isFlat &&
      wouldPass(rules, account, { atUs, closingUsd });
    const { action, reason } = isPassing ? TARGET_REACHED : verdict;
    this.state = { ...before, account, guard, action, reason };
    if (account.status !== before.account.status) this.tellStatus(account, atUs);
    if (action !== before.action || reason !== before.reason) this.tell(atUs, action, reason);
    if (account.status === "passed") this.beginNextPhase(atUs);
  }

  private tellStatus({ status, phase, failure }: AccountState, atUs: number): void {
    if (status === "passed") this.tell(atUs, "passed", phase);
    if (failure === null) return;
    const { rule, equityUsd, floorUsd } = failure;
    const cents = (usd: number): string => usd.toFixed(2);
    this.tell(failure.atUs, rule, `equity ${cents(equityUsd)} was below ${cents(floorUsd)}`);
  }

  /** An account that has passed goes on with the next phase, if there is one: balance, anchor and days begin anew. */
  private beginNextPhase(atUs: number): void {
    const { rules } = this.settings;
    if (rules.phases.at(-1)!.name === this.state.account.phase) return;
    const account = nextPhase(rules, this.state.account, atUs);
    const offsetUsd = this.portfolio.value().balanceUsd - rules.initialUsd;
    this.state = { ...this.state, account, offsetUsd, guard: NO_BLOCK, action: "ok", reason: "" };
    this.tell(atUs, PHASE_BEGINS, account.phase);
  }

  private payFunding(atUs: number): void {
    const last = Math.floor(this.state.fundedUs / FUNDING_INTERVAL_US);
    for (let k = last + 1; k * FUNDING_INTERVAL_US <= atUs; k++) {
      const dueUs = k * FUNDING_INTERVAL_US;
      const paid = this.portfolio.payAllHolding(this.settings.fundingRate, { both: false });
      if (paid !== 0) this.tell(dueUs, "funding", `paid ${paid.toFixed(2)} USD`);
      this.state = { ...this.state, fundedUs: dueUs };
    }
  }

  private paySwaps(atUs: number): void {
    let midnightUs = this.state.account.dayEndUs;
    while (this.state.account.status === "active" && midnightUs <= atUs) {
      // Only a swap of its own leaves a midnight that has come where it is.
      if (this.state.account.atUs !== midnightUs) this.paySwap(midnightUs);
      midnightUs = localDay(this.settings.rules.timeZone, midnightUs).endUs;
    }
  }

  private paySwap(midnightUs: number): void {
    const { rules, swapRatio } = this.settings;
    const paid = this.portfolio.payAllHolding(swapRatio, { both: true });
    if (paid !== 0) this.tell(midnightUs, "swap", `paid ${paid.toFixed(2)} USD`);
    const event = { kind: "swap", atUs: midnightUs, amountUsd: -paid } as const;
    const account = stepAccount(rules, this.state.account, event);
    // A midnight before this one may have broken a rule.
    if (account.status !== "active") this.judge(account, midnightUs);
    else this.state = { ...this.state, account };
  }

  private tell(atUs: number, name: string, detail: string): void {
    this.news.push({ atUs, name, detail });
  }
}
