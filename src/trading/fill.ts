import type { BookView } from "../market/book-view.js";
import { baseAmount, type Contract, isWorthKnown } from "../market/contract.js";

/** What an order needs to know of the book that it meets: a live one, or one that was sampled. */
export type FillBook = Pick<
  BookView,
  "bidLevels" | "askLevels" | "bidPrice" | "bidAmount" | "askPrice" | "askAmount" | "mid"
>;

/** What became of an order. */
export interface Fill {
  /** Traded, in base currency; of the order's sign and at most of its size. */
  readonly amount: number;
  /** Price × amount, summed over what was traded: what is paid, or with a minus received. */
  readonly valueUsd: number;
}

/**
 * How a market order is filled.
 *
 * @param book - the one that the order meets; without prices nothing is filled
 * @param amount - in base currency, above 0 to buy
 * @param contract - what the book's amounts are in
 */
export type FillRule = (book: FillBook, amount: number, contract: Contract) => Fill;

/** Nothing traded. */
export const NO_FILL: Fill = { amount: 0, valueUsd: 0 };

/** Everything at the mid: no one can, and what that costs is seen by comparison. */
export const fillAtMid: FillRule = (book, amount) => filledAt(book.mid(), amount);

/** Everything at the best price of the other side, as if its amount had no end. */
export const fillAtTouch: FillRule = (book, amount) =>
  filledAt(amount > 0 ? book.askPrice() : book.bidPrice(), amount);

/**
 * Level by level from the best of the other side; what the shown levels cannot fill stays unfilled. An amount that is not
 * known, or of which nobody knows the worth, fills nothing.
 */
export const walkBook: FillRule = (book, amount, contract) => {
  if (!isWorthKnown(contract)) return NO_FILL;
  const isBuy = amount > 0;
  const wanted = Math.abs(amount);
  const levels = isBuy ? book.askLevels : book.bidLevels;
  let left = wanted;
  let valueUsd = 0;
  for (let i = 0; i < levels && left > 0; i++) {
    const price = isBuy ? book.askPrice(i) : book.bidPrice(i);
    const shown = isBuy ? book.askAmount(i) : book.bidAmount(i);
    const base = baseAmount(contract, price, shown);
    if (!(base > 0)) continue;
    const taken = Math.min(left, base);
    valueUsd += taken * price;
    left -= taken;
  }
  const filled = wanted - left;
  if (filled === 0) return NO_FILL;
  return isBuy ? { amount: filled, valueUsd } : { amount: -filled, valueUsd: -valueUsd };
};

function filledAt(price: number, amount: number): Fill {
  return price > 0 ? { amount, valueUsd: price * amount } : NO_FILL;
}
