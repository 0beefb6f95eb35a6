import { coinOf } from "../../core/symbols.js";
import { type AccountRules, lotRule } from "./account-rules.js";
import { splitOrder } from "./split-order.js";

/**
 * An order's amount such that a position that it only reduces is left in whole lots, or closed where it would be left with less than
 * may be ordered; one that closes it, and one that opens, is left as it is.
 *
 * @param position - held before, base currency, below 0 when short
 * @param amount - of the order, above 0 to buy
 */
export function inWholeLots(
  rules: Pick<AccountRules, "lots">,
  symbol: string,
  { position, amount }: { readonly position: number; readonly amount: number },
): number {
  const { opening } = splitOrder(position, amount);
  const { step, least } = lotRule(rules, symbol, coinOf(symbol));
  if (amount === 0 || step === 0 || opening !== 0 || position + amount === 0) return amount;
  const left = Math.round(Math.abs(position + amount) / step) * step;
  if (left < least * (1 - 1e-9)) return -position;
  return Math.sign(position) * Math.min(left, Math.abs(position)) - position;
}
