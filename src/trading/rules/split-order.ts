/** An order in two parts of its sign: what brings the position towards nothing, and what opens or adds. */
export interface OrderParts {
  readonly reducing: number;
  readonly opening: number;
}

/**
 * Parts an order into what reduces the position and what goes beyond that.
 *
 * @param position - held before, base currency, below 0 when short
 * @param amount - of the order, above 0 to buy
 */
export function splitOrder(position: number, amount: number): OrderParts {
  if (position * amount >= 0) return { reducing: 0, opening: amount };
  if (Math.abs(amount) <= Math.abs(position)) return { reducing: amount, opening: 0 };
  return { reducing: -position, opening: amount + position };
}
