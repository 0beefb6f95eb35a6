// For tests only: somebody who opens at random, as much as he is let, on a price whose steps are bounded.
import type { Random } from "../../core/random.js";
import { MINUTE_US } from "../../core/time.js";
import type { AccountRules } from "./account-rules.js";
import { type AccountState, beginPhase } from "./account-state.js";
import { accountFloors, entryHeadroomUsd } from "./floors.js";
import { GUARD_SETTINGS, type GuardState, guardAccount, guardedAmount, NO_BLOCK } from "./guard.js";
import { sizeEntry } from "./size-entry.js";
import { stepAccount } from "./step-account.js";

const COST_RATIO = 5e-4;

/** How he trades. */
export interface GuardedTrader {
  readonly random: Random;
  readonly rules: AccountRules;
  readonly beginUs: number;
  readonly steps: number;
  /** Largest step of the price, a ratio of it. */
  readonly move: number;
  readonly isGuarded: boolean;
}

/** The account at the end, and how often the guard closed all. */
export interface TraderOutcome {
  readonly account: AccountState;
  readonly blocks: number;
  readonly entries: number;
}

/** Looks at most ten minutes apart; what is decided at a look is traded at its price, and paid for. */
export function tradeGuarded(trader: GuardedTrader): TraderOutcome {
  const { random, rules, steps, move, isGuarded } = trader;
  let account = beginPhase(rules, rules.phases[0]!.name, trader.beginUs);
  let guard: GuardState = NO_BLOCK;
  let [atUs, price, cash, held, blocks, entries] = [
    trader.beginUs,
    50_000,
    rules.initialUsd,
    0,
    0,
    0,
  ];
  let openedAt = price;
  const see = (): void => {
    const floatingUsd = held * (price - openedAt);
    const openPositions = held === 0 ? 0 : 1;
    const event = { atUs, balanceUsd: cash, floatingUsd, openPositions };
    account = stepAccount(rules, account, { kind: "account", ...event });
  };
  const trade = (amount: number): void => {
    if (amount === 0) return;
    cash -= COST_RATIO * Math.abs(amount) * price;
    // An average price of what is held; what is reduced is booked.
    const reduced =
      held * amount < 0 ? Math.sign(amount) * Math.min(Math.abs(amount), Math.abs(held)) : 0;
    cash -= reduced * (price - openedAt);
    const added = amount - reduced;
    const before = held + reduced;
    openedAt =
      before + added === 0 ? price : (before * openedAt + added * price) / (before + added);
    held = before + added;
    if (added !== 0) {
      account = stepAccount(rules, account, { kind: "opened", atUs });
      entries++;
    }
    see();
  };
  for (let i = 0; i < steps && account.status === "active"; i++) {
    atUs += (0.1 + 9.9 * random.uniform()) * MINUTE_US;
    price *=
      1 + move * (random.uniform() < 0.2 ? Math.sign(random.normal()) : 2 * random.uniform() - 1);
    see();
    const positions = [{ symbol: "BTC", amount: held, price }];
    const verdict = guardAccount(rules, GUARD_SETTINGS, { account, guard, positions, atUs });
    if (isGuarded) {
      if (verdict.state.block !== null && verdict.state !== guard) blocks++;
      guard = verdict.state;
      if (verdict.action === "flatten") {
        trade(-held);
        continue;
      }
    }
    const amount = random.uniform() < 0.3 ? 6 * random.normal() : 0;
    const floors = accountFloors(rules, account);
    const sized = sizeEntry({
      ...{ rules, symbol: "BTC", amount, price, positions, equityUsd: floors.equityUsd },
      headroomUsd: entryHeadroomUsd(floors),
      bufferUsd: GUARD_SETTINGS.flattenRatio * floors.dailyAllowanceUsd,
      ...{ stress: GUARD_SETTINGS.stress, costRatio: COST_RATIO },
    });
    trade(isGuarded ? guardedAmount(verdict.action, held, sized.amount) : amount);
  }
  return { account, blocks, entries };
}
