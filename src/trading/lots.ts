import { numbersToText, textToNumbers } from "../core/exact-numbers.js";

/** What an order traded, as an account books it. */
export interface BookedFill {
  readonly orderId: string;
  readonly atUs: number;
  /** In base currency, above 0 bought. */
  readonly amount: number;
  /** Price × amount. */
  readonly valueUsd: number;
  readonly feeUsd: number;
}

/** What one order opened, once all of it is closed. */
export interface ClosedLot {
  readonly openedBy: string;
  readonly openedUs: number;
  readonly closedUs: number;
  readonly side: 1 | -1;
  /** In base currency, above 0. */
  readonly amount: number;
  /** Value in and out, both above 0. */
  readonly openValueUsd: number;
  readonly closeValueUsd: number;
  /** Of both sides. */
  readonly feesUsd: number;
  /** After fees. */
  readonly profitUsd: number;
}

/** A lot that is not closed yet, or in part. */
interface Lot {
  readonly openedBy: string;
  readonly openedUs: number;
  readonly side: 1 | -1;
  readonly amount: number;
  readonly openValueUsd: number;
  feesUsd: number;
  closedAmount: number;
  closeValueUsd: number;
}

/** What is left of a lot by rounding, as a share of it. */
const ROUNDING = 1e-9;

/**
 * The position of one symbol as lots, first in, first out: what an order opened is one trade, which ends when later orders of
 * the other side have closed all of it.
 */
export class Lots {
  private lots: Lot[] = [];
  private realized = 0;
  private fees = 0;
  private held = 0;

  /** Profit of what was closed so far, in part or whole, before fees. */
  get realizedUsd(): number {
    return this.realized;
  }

  /** Fees paid so far. */
  get feesUsd(): number {
    return this.fees;
  }

  /** Paid so far for holding, swaps and funding; below 0 when received. */
  get holdingUsd(): number {
    return this.held;
  }

  /** Pays for holding; below 0 it is received. */
  payHolding(usd: number): void {
    this.held += usd;
  }

  /** In base currency; below 0 when short. */
  get position(): number {
    let sum = 0;
    for (const { side, amount, closedAmount } of this.lots) sum += side * (amount - closedAmount);
    return sum;
  }

  /**
   * Books a fill: it closes lots of the other side, the oldest first, and what is left of it opens one.
   *
   * @param options.isFlat - the account that adds the amounts up holds nothing after it: then no rest of rounding stays a lot
   * @returns lots that are closed by it
   */
  take(
    { orderId, atUs, amount, valueUsd, feeUsd }: BookedFill,
    { isFlat = false }: { readonly isFlat?: boolean } = {},
  ): readonly ClosedLot[] {
    if (amount === 0) return [];
    const side = amount > 0 ? 1 : -1;
    const whole = Math.abs(amount);
    const price = valueUsd / amount;
    this.fees += feeUsd;
    const closed: ClosedLot[] = [];
    let left = whole;
    while (left > ROUNDING * whole && this.lots.length > 0 && this.lots[0]!.side !== side) {
      const lot = this.lots[0]!;
      const open = lot.amount - lot.closedAmount;
      const taken = Math.min(open, left);
      lot.closedAmount += taken;
      lot.closeValueUsd += taken * price;
      lot.feesUsd += (feeUsd * taken) / whole;
      this.realized += lot.side * taken * (price - lot.openValueUsd / lot.amount);
      left -= taken;
      if (lot.amount - lot.closedAmount > ROUNDING * lot.amount) break;
      closed.push(closedLot(lot, atUs));
      this.lots.shift();
    }
    if (isFlat) closed.push(...this.lots.splice(0).map((lot) => closedLot(lot, atUs)));
    else if (left > ROUNDING * whole) {
      this.lots.push({
        openedBy: orderId,
        openedUs: atUs,
        side,
        amount: left,
        openValueUsd: left * price,
        feesUsd: (feeUsd * left) / whole,
        closedAmount: 0,
        closeValueUsd: 0,
      });
    }
    return closed;
  }

  /** Profit that closing everything at a price would bring, before fees. */
  floatingUsd(price: number): number {
    let sum = 0;
    for (const { side, amount, closedAmount, openValueUsd } of this.lots) {
      sum += side * (amount - closedAmount) * (price - openValueUsd / amount);
    }
    return sum;
  }

  /** The lots as text that gives back the same bits. */
  save(): string {
    const lots = this.lots.map(({ openedBy, ...lot }) => [openedBy, numbersToText(numbersOf(lot))]);
    return JSON.stringify([numbersToText([this.realized, this.fees, this.held]), lots]);
  }

  /** Takes over saved lots in place of its own. */
  restore(state: string): void {
    const [sums, lots] = JSON.parse(state) as [string, [string, string][]];
    const [realized, fees, held] = textToNumbers(sums);
    this.realized = realized!;
    this.fees = fees!;
    this.held = held!;
    this.lots = lots.map(([openedBy, text]) => lotOf(openedBy, textToNumbers(text)));
  }
}

function closedLot(
  { openedBy, openedUs, side, amount, openValueUsd, closeValueUsd, feesUsd }: Lot,
  closedUs: number,
): ClosedLot {
  const profitUsd = side * (closeValueUsd - openValueUsd) - feesUsd;
  return {
    ...{ openedBy, openedUs, closedUs, side, amount, openValueUsd, closeValueUsd },
    ...{ feesUsd, profitUsd },
  };
}

function numbersOf(lot: Omit<Lot, "openedBy">): readonly number[] {
  const { openedUs, side, amount, openValueUsd, feesUsd, closedAmount, closeValueUsd } = lot;
  return [openedUs, side, amount, openValueUsd, feesUsd, closedAmount, closeValueUsd];
}

function lotOf(openedBy: string, numbers: Float64Array): Lot {
  const [openedUs, side, amount, openValueUsd, feesUsd, closedAmount, closeValueUsd] = numbers;
  return {
    openedBy,
    openedUs: openedUs!,
    side: side === 1 ? 1 : -1,
    amount: amount!,
    openValueUsd: openValueUsd!,
    feesUsd: feesUsd!,
    closedAmount: closedAmount!,
    closeValueUsd: closeValueUsd!,
  };
}
