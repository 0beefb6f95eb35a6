/** What trading costs beyond the price at the mid. */
export interface Costs {
  readonly name: string;
  /** Fee of one side, bps of the traded value. */
  readonly feeBps: number;
  /** Half spread to pay where the book's own is unknown, bps. */
  readonly fallbackHalfSpreadBps: number;
  /**
   * Funding that a long position pays a short one for eight hours where the venue's own rates are not stored, ratio of its
   * value: at 00:00, 08:00 and 16:00 UTC, or in parts where the venue is known to pay more often. Left out where positions pay
   * none at all.
   */
  readonly defaultFundingRate?: number;
}

/** A known fee schedule. */
export type CostPreset = "ftmo" | "spot" | "perpetual";

/**
 * Known fee schedules for orders that take liquidity.
 *
 * - `ftmo`: crypto at FTMO, 0.0325 % a side. What an account pays for holding over night is not part of it.
 * - `spot`: 0.1 % a side, no funding.
 * - `perpetual`: 0.05 % a side, and funding; its default of 0.01 % is the interest part of the rate, which holds while the
 *   perpetual trades at the price of the coin.
 *
 * @see https://ftmo.com/en/trading-updates/trading-update-24-jul-2025 (commission); Binance, Fee Rate: spot and USDⓈ-M
 *   futures, regular users, without discounts; Binance, Introduction to Binance Futures Funding Rates: 0.03 % a day in
 *   three parts
 */
export const COST_PRESETS: Readonly<Record<CostPreset, Costs>> = {
  ftmo: { name: "FTMO crypto", feeBps: 3.25, fallbackHalfSpreadBps: 2 },
  spot: { name: "spot exchange", feeBps: 10, fallbackHalfSpreadBps: 2 },
  perpetual: {
    name: "perpetual",
    feeBps: 5,
    fallbackHalfSpreadBps: 2,
    defaultFundingRate: 1e-4,
  },
};

/**
 * Cost of changing a position by one unit of value, bps: the fee and half the spread.
 *
 * @param halfSpreadBps - half the quoted spread at the time; NaN takes the preset's
 */
export function sideCostBps(costs: Costs, halfSpreadBps: number): number {
  return costs.feeBps + knownHalfSpreadBps(costs, halfSpreadBps);
}

/** Half the spread, bps: the quoted one, or the preset's where that is NaN. */
export function knownHalfSpreadBps(costs: Costs, halfSpreadBps: number): number {
  return Number.isNaN(halfSpreadBps) ? costs.fallbackHalfSpreadBps : halfSpreadBps;
}
