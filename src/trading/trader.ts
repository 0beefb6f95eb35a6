import { Account } from "./account.js";
import { sideOf } from "./side.js";
import { type TrancheSettings, Tranches } from "./tranches.js";

/** How one symbol is traded. */
export interface TraderSettings extends TrancheSettings {
  /** Staked on one side when all tranches agree; gains are not staked again. */
  readonly capitalUsd: number;
  /** Least distance of a probability from ½ that is traded. */
  readonly threshold: number;
  /** Value below which no order is sent, unless it closes the position: the difference waits for the next. */
  readonly minimumOrderUsd: number;
}

/** A trader as plain JSON; gives back the same bits. */
export interface TraderState {
  readonly tranches: string;
  readonly account: string;
}

/**
 * From a bar's probability to the order that makes the position what it should be. What an order could not fill is part of
 * the next one. The backtest and the runtime drive the same trader.
 */
export class Trader {
  readonly account: Account;
  private readonly settings: TraderSettings;
  private readonly tranches: Tranches;
  private isDecided = false;

  constructor(settings: TraderSettings) {
    this.settings = settings;
    this.account = new Account(settings.capitalUsd);
    this.tranches = new Tranches(settings);
  }

  /**
   * Stakes capital / horizon on the probability's side.
   *
   * @param barEndUs - end of the bar that the probability was computed from
   * @param probability - of "up"; NaN stakes nothing
   * @param mid - in force at the decision; where it is NaN nothing is decided at all, and nothing staked
   * @param dueUs - the stake is given back at the first decision on a bar that ends at or after this, if that comes before its
   *   horizon
   * @returns amount to order, base currency, above 0 to buy; 0 for no order
   */
  decide(barEndUs: number, probability: number, mid: number, dueUs?: number): number {
    this.isDecided = mid > 0;
    if (!this.isDecided) return 0;
    const { capitalUsd, horizonBars, threshold, minimumOrderUsd } = this.settings;
    const side = sideOf(probability, threshold);
    const target = this.tranches.update(barEndUs, (side * capitalUsd) / horizonBars / mid, dueUs);
    const order = target - this.account.position;
    const isClosing = target === 0;
    return isClosing || Math.abs(order) * mid >= minimumOrderUsd ? order : 0;
  }

  /** Stakes that the last decision gave back after their time, since nothing could be decided when it came. */
  get lateStakes(): number {
    return this.isDecided ? this.tranches.late : 0;
  }

  /** The order that closes the position, whatever was staked. */
  close(): number {
    return 0 - this.account.position;
  }

  /** Forgets what is staked: the next decision begins with nothing, and closes what is held. */
  release(): void {
    this.tranches.clear();
  }

  /** Everything that the next decision depends on. */
  save(): TraderState {
    return { tranches: this.tranches.save(), account: this.account.save() };
  }

  /**
   * Takes over what a trader of the same settings saved.
   *
   * @throws {DataError} it is no saved state
   */
  restore({ tranches, account }: TraderState): void {
    this.tranches.restore(tranches);
    this.account.restore(account);
  }
}
