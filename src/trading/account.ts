import { numbersToText, textToNumbers } from "../core/exact-numbers.js";
import type { Fill } from "./fill.js";

/**
 * Cash and position of one symbol, and what was paid on the way. Cash + position × price is the equity. Amounts of an inverse
 * contract are carried in base currency too: held from p to q it earns USD × (q/p − 1), as the same value of the coin does.
 */
export class Account {
  private cash: number;
  private held = 0;
  private slippage = 0;
  private fees = 0;
  private funding = 0;

  constructor(capitalUsd: number) {
    this.cash = capitalUsd;
  }

  /** In quote currency; below 0 when more was bought than the capital. */
  get cashUsd(): number {
    return this.cash;
  }

  /** In base currency; below 0 when short. */
  get position(): number {
    return this.held;
  }

  /** Paid so far against the mids at the times of the fills: half spreads, and levels behind the best. */
  get slippageUsd(): number {
    return this.slippage;
  }

  /** Fees paid so far. */
  get feesUsd(): number {
    return this.fees;
  }

  /** Funding paid so far; below 0 when received. */
  get fundingUsd(): number {
    return this.funding;
  }

  /**
   * Books what an order traded.
   *
   * @param mid - of the book that it met
   * @param feeBps - of the traded value
   */
  take({ amount, valueUsd }: Fill, mid: number, feeBps: number): void {
    if (amount === 0) return;
    const fee = 1e-4 * feeBps * Math.abs(valueUsd);
    this.cash -= valueUsd + fee;
    this.held += amount;
    this.slippage += valueUsd - amount * mid;
    this.fees += fee;
  }

  /**
   * Pays funding on the position.
   *
   * @param rate - share of its value that a long pays
   * @param price - that it is valued at
   */
  payFunding(rate: number, price: number): void {
    if (this.held === 0) return;
    const paid = rate * this.held * price;
    this.cash -= paid;
    this.funding += paid;
  }

  /** Cash and the position at a price, which is of no matter where there is no position. */
  equityUsd(price: number): number {
    return this.held === 0 ? this.cash : this.cash + this.held * price;
  }

  /** What the equity would be had every fill been at the mid, without fees and funding. */
  grossEquityUsd(price: number): number {
    return this.equityUsd(price) + this.slippage + this.fees + this.funding;
  }

  /** The account as text that gives back the same bits. */
  save(): string {
    return numbersToText([this.cash, this.held, this.slippage, this.fees, this.funding]);
  }

  /**
   * Takes over a saved account in place of its own.
   *
   * @throws {DataError} it is no saved account
   */
  restore(state: string): void {
    const [cash = 0, held = 0, slippage = 0, fees = 0, funding = 0] = textToNumbers(state);
    this.cash = cash;
    this.held = held;
    this.slippage = slippage;
    this.fees = fees;
    this.funding = funding;
  }
}
