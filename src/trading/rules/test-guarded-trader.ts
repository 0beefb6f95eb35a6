// For tests only: somebody who opens at random, as much as he is let, on a price whose steps are bounded.
import type { Random } from "../../core/random.js";
import { MINUTE_US } from "../../core/time.js";
import type { AccountRules } from "./account-rules.js";
import { type AccountState, beginPhase } from "./account-state.js";
import { accountFloors, entryHeadroomUsd } from "./floors.js";
import {
  GUARD_SETTINGS,
  type GuardState,
  type GuardVerdict,
  guardAccount,
  guardedAmount,
  NO_BLOCK,
} from "./guard.js";
import { sizeEntry } from "./size-entry.js";
import { splitOrder } from "./split-order.js";
import { stepAccount } from "./step-account.js";

const COST_RATIO = 5e-4;

/** How he trades. */
export interface TraderOptions {
  readonly random: Random;
  readonly rules: AccountRules;
  readonly beginUs: number;
  /** Largest step of the price, a ratio of it. */
  readonly move: number;
  readonly isGuarded: boolean;
}

/** Looks at most ten minutes apart; what is decided at a look is traded at its price, and paid for. */
export class GuardedTrader {
  account: AccountState;
  blocks = 0;
  entries = 0;
  private readonly options: TraderOptions;
  private guard: GuardState = NO_BLOCK;
  private atUs: number;
  private price = 50_000;
  private held = 0;
  /** Mean price of what is held. */
  private heldAt = 50_000;
  private balanceUsd: number;

  constructor(options: TraderOptions) {
    const { rules, beginUs } = options;
    this.options = options;
    this.atUs = beginUs;
    this.balanceUsd = rules.initialUsd;
    this.account = beginPhase(rules, rules.phases[0]!.name, beginUs);
  }

  /** Trades until the account ends, or so many looks were had. */
  run(looks: number): this {
    for (let i = 0; i < looks && this.account.status === "active"; i++) this.look();
    return this;
  }

  private look(): void {
    const { random, move, isGuarded } = this.options;
    this.atUs += (0.1 + 9.9 * random.uniform()) * MINUTE_US;
    // The whole move one time in five.
    const share = random.uniform() < 0.2 ? Math.sign(random.normal()) : 2 * random.uniform() - 1;
    this.price *= 1 + move * share;
    this.see();
    const wanted = random.uniform() < 0.3 ? 6 * random.normal() : 0;
    this.trade(isGuarded ? this.allowed(wanted) : wanted);
  }

  private allowed(wanted: number): number {
    const { action } = this.ask();
    if (action === "flatten") return -this.held;
    return guardedAmount(action, this.held, this.sized(wanted));
  }

  private ask(): GuardVerdict {
    const { account, guard, atUs } = this;
    const guarded = { account, guard, atUs, positions: this.positions() };
    const verdict = guardAccount(this.options.rules, GUARD_SETTINGS, guarded);
    if (verdict.state.block !== null && verdict.state !== guard) this.blocks++;
    this.guard = verdict.state;
    return verdict;
  }

  private sized(amount: number): number {
    const { rules } = this.options;
    const floors = accountFloors(rules, this.account);
    return sizeEntry({
      rules,
      symbol: "BTC",
      amount,
      price: this.price,
      positions: this.positions(),
      equityUsd: floors.equityUsd,
      headroomUsd: entryHeadroomUsd(floors),
      bufferUsd: GUARD_SETTINGS.flattenRatio * floors.dailyAllowanceUsd,
      stress: GUARD_SETTINGS.stress,
      costRatio: COST_RATIO,
    }).amount;
  }

  private positions(): readonly { symbol: string; amount: number; price: number }[] {
    return [{ symbol: "BTC", amount: this.held, price: this.price }];
  }

  private trade(amount: number): void {
    if (amount === 0) return;
    const { reducing, opening } = splitOrder(this.held, amount);
    // What is reduced is booked; costs are of all.
    this.balanceUsd -= reducing * (this.price - this.heldAt);
    this.balanceUsd -= COST_RATIO * Math.abs(amount) * this.price;
    const kept = this.held + reducing;
    this.held = kept + opening;
    if (opening !== 0) {
      this.heldAt = (kept * this.heldAt + opening * this.price) / this.held;
      const event = { kind: "opened", atUs: this.atUs } as const;
      this.account = stepAccount(this.options.rules, this.account, event);
      this.entries++;
    }
    this.see();
  }

  private see(): void {
    this.account = stepAccount(this.options.rules, this.account, {
      kind: "account",
      atUs: this.atUs,
      balanceUsd: this.balanceUsd,
      floatingUsd: this.held * (this.price - this.heldAt),
      openPositions: this.held === 0 ? 0 : 1,
    });
  }
}
