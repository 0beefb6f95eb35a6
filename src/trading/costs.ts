/** What trading costs beyond the price at the mid. */
export interface Costs {
  readonly name: string;
  /** Fee of one side, bps of the traded value. */
  readonly feeBps: number;
  /** Half spread to pay where the book's own is unknown, bps. */
  readonly fallbackHalfSpreadBps: number;
}

/**
 * Known fee schedules for orders that take liquidity.
 *
 * @see FTMO: crypto 0.0325 % a side (July 2025); Binance: spot 0.1 %, USDT perpetual 0.05 %, both without discounts
 */
export const COST_PRESETS: Readonly<Record<"ftmo" | "spot" | "perpetual", Costs>> = {
  ftmo: { name: "FTMO crypto", feeBps: 3.25, fallbackHalfSpreadBps: 2 },
  spot: { name: "spot exchange", feeBps: 10, fallbackHalfSpreadBps: 2 },
  perpetual: { name: "perpetual", feeBps: 5, fallbackHalfSpreadBps: 2 },
};

/**
 * Cost of changing a position by one unit of value, bps: the fee and half the spread.
 *
 * @param halfSpreadBps - half the quoted spread at the time; NaN takes the preset's
 */
export function sideCostBps(costs: Costs, halfSpreadBps: number): number {
  const spread = Number.isNaN(halfSpreadBps) ? costs.fallbackHalfSpreadBps : halfSpreadBps;
  return costs.feeBps + spread;
}
