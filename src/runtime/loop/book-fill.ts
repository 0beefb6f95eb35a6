// What a fill does to an account is the same when it comes from the broker and when it is read back from the journal.
import type { Portfolio, PortfolioFill } from "../../trading/portfolio.js";
import type { RiskDesk } from "../risk/risk-desk.js";

/**
 * Books a fill in portfolio and account, as of when it happened.
 *
 * @param index - of its symbol
 * @returns the fee, and the lots that it closed
 */
export function bookFill(
  portfolio: Portfolio,
  desk: RiskDesk,
  index: number,
  fill: PortfolioFill,
): ReturnType<Portfolio["take"]> {
  // What was held at a midnight before it is paid for first.
  desk.payHolding(fill.atUs);
  const isOpening = portfolio.position(index) * fill.amount >= 0;
  const taken = portfolio.take(index, fill);
  const isOpen = portfolio.position(index) * fill.amount > 0;
  if (isOpening || isOpen) desk.opened(fill.atUs);
  desk.closed(taken.closed);
  return taken;
}
