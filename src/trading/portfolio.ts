// One account that several symbols are traded on: its equity is what it would be worth if everything were closed now.
import type { Fill } from "./fill.js";
import { type ClosedLot, Lots } from "./lots.js";
import type { Position } from "./rules/exposure.js";
import { Trader, type TraderSettings, type TraderState } from "./trader.js";

/** How an account is traded. */
export interface PortfolioSettings extends Omit<TraderSettings, "capitalUsd"> {
  /** What the account begins with; staked in equal parts on the symbols. */
  readonly capitalUsd: number;
  readonly symbols: readonly string[];
  readonly feeBps: number;
}

/** A fill that is to be booked. */
export interface PortfolioFill extends Fill {
  readonly orderId: string;
  readonly atUs: number;
  /** Of the book that the order met. */
  readonly mid: number;
}

/** A portfolio as plain JSON; gives back the same bits. */
export interface PortfolioState {
  readonly traders: readonly TraderState[];
  readonly lots: readonly string[];
  /** Closing prices, bid and ask by symbol; null where none was seen. */
  readonly marks: readonly (number | null)[];
  /** When they were seen, by symbol; null where none was. */
  readonly markedUs: readonly (number | null)[];
}

/** What an account is worth. */
export interface AccountValue {
  readonly equityUsd: number;
  /** Of closed lots, with all fees and all that was paid for holding. */
  readonly balanceUsd: number;
  readonly floatingUsd: number;
  /** Value of all positions, long and short. */
  readonly exposureUsd: number;
}

/** Traders, lots and closing prices of all symbols. */
export class Portfolio {
  readonly traders: readonly Trader[];
  private readonly lots: readonly Lots[];
  private readonly settings: PortfolioSettings;
  /** Best bid and ask by symbol. */
  private readonly marks: Float64Array;
  private readonly markedUs: Float64Array;

  constructor(settings: PortfolioSettings) {
    const { symbols, capitalUsd } = settings;
    const own = { ...settings, capitalUsd: capitalUsd / symbols.length };
    this.settings = settings;
    this.traders = symbols.map(() => new Trader(own));
    this.lots = symbols.map(() => new Lots());
    this.marks = new Float64Array(2 * symbols.length).fill(Number.NaN);
    this.markedUs = new Float64Array(symbols.length).fill(Number.NaN);
  }

  /** Remembers at which prices a symbol's position could be closed at a time; prices that are none leave the last ones. */
  mark(symbol: number, bidPrice: number, askPrice: number, atUs: number): void {
    if (!(bidPrice > 0 && askPrice > 0)) return;
    this.markedUs[symbol] = atUs;
    this.marks[2 * symbol] = bidPrice;
    this.marks[2 * symbol + 1] = askPrice;
  }

  /** In base currency; below 0 when short. */
  position(symbol: number): number {
    return this.traders[symbol]!.account.position;
  }

  /** The price at which a symbol's position would be closed: a long at the bid, a short at the ask; NaN before any was seen. */
  closingPrice(symbol: number): number {
    return this.marks[2 * symbol + Number(this.position(symbol) < 0)]!;
  }

  /** True while something is held whose closing price was last seen longer than `afterUs` before a time. */
  hasOldPrice(atUs: number, afterUs: number): boolean {
    return this.markedUs.some((markedUs, i) => this.position(i) !== 0 && atUs - markedUs > afterUs);
  }

  /** Value of a symbol's position at its closing price, above 0 for both sides. */
  exposureUsd(symbol: number): number {
    const position = this.position(symbol);
    return position === 0 ? 0 : Math.abs(position * this.closingPrice(symbol));
  }

  /** Mean price that a symbol's position was opened at, NaN without one; and what closing it would bring, before fees. */
  holding(symbol: number): { readonly entryPrice: number; readonly floatingUsd: number } {
    const position = this.position(symbol);
    if (position === 0) return { entryPrice: Number.NaN, floatingUsd: 0 };
    const price = this.closingPrice(symbol);
    const floatingUsd = this.lots[symbol]!.floatingUsd(price);
    return { entryPrice: price - floatingUsd / position, floatingUsd };
  }

  /** Symbols of which something is held. */
  get openPositions(): number {
    let open = 0;
    for (let i = 0; i < this.traders.length; i++) open += Number(this.position(i) !== 0);
    return open;
  }

  /** True without any position. */
  get isFlat(): boolean {
    return this.openPositions === 0;
  }

  /** What is held of each symbol, at its closing price. */
  positions(): readonly Position[] {
    return this.settings.symbols.map((symbol, i) => {
      return { symbol, amount: this.position(i), price: this.closingPrice(i) };
    });
  }

  /** What it is worth at the closing prices. */
  value(): AccountValue {
    let balanceUsd = this.settings.capitalUsd;
    let floatingUsd = 0;
    let exposureUsd = 0;
    this.lots.forEach((lots, i) => {
      balanceUsd += lots.realizedUsd - lots.feesUsd - lots.holdingUsd;
      if (this.position(i) === 0) return;
      floatingUsd += lots.floatingUsd(this.closingPrice(i));
      exposureUsd += this.exposureUsd(i);
    });
    return { equityUsd: balanceUsd + floatingUsd, balanceUsd, floatingUsd, exposureUsd };
  }

  /**
   * Books what an order traded.
   *
   * @returns the fee, and the lots that it closed
   */
  take(
    symbol: number,
    { orderId, atUs, amount, valueUsd, mid }: PortfolioFill,
  ): { readonly feeUsd: number; readonly closed: readonly ClosedLot[] } {
    const { feeBps } = this.settings;
    const feeUsd = 1e-4 * feeBps * Math.abs(valueUsd);
    const { account } = this.traders[symbol]!;
    account.take({ amount, valueUsd }, mid, feeBps);
    const isFlat = account.position === 0;
    const closed = this.lots[symbol]!.take({ orderId, atUs, amount, valueUsd, feeUsd }, { isFlat });
    return { feeUsd, closed };
  }

  /**
   * Pays for holding a symbol's position, at its closing price.
   *
   * @param rate - share of its value that a long pays, and a short receives; `both` makes a short pay it, too
   * @returns what was paid; below 0 when received
   */
  payHolding(symbol: number, rate: number, { both }: { readonly both: boolean }): number {
    const position = this.position(symbol);
    if (position === 0) return 0;
    const price = this.closingPrice(symbol);
    const own = both ? Math.abs(rate) * Math.sign(position) : rate;
    this.traders[symbol]!.account.payFunding(own, price);
    const paid = own * position * price;
    this.lots[symbol]!.payHolding(paid);
    return paid;
  }

  /** The same for all positions. */
  payAllHolding(rate: number, how: { readonly both: boolean }): number {
    return this.traders.reduce((sum, _, i) => sum + this.payHolding(i, rate, how), 0);
  }

  save(): PortfolioState {
    return {
      traders: this.traders.map((trader) => trader.save()),
      lots: this.lots.map((lots) => lots.save()),
      marks: nullsOf(this.marks),
      markedUs: nullsOf(this.markedUs),
    };
  }

  /** Takes over what a portfolio of the same settings saved. */
  restore({ traders, lots, marks, markedUs }: PortfolioState): void {
    for (const [i, trader] of this.traders.entries()) trader.restore(traders[i]!);
    for (const [i, own] of this.lots.entries()) own.restore(lots[i]!);
    this.marks.set(marks.map((price) => price ?? Number.NaN));
    this.markedUs.set(markedUs.map((timeUs) => timeUs ?? Number.NaN));
  }
}

/** JSON knows no NaN. */
function nullsOf(numbers: Float64Array): readonly (number | null)[] {
  return [...numbers].map((number) => (Number.isNaN(number) ? null : number));
}
