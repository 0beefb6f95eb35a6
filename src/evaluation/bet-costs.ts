// What does a bet on each row cost whose side is called and held as long as its label looks?
import { mean } from "../core/statistics.js";
import type { Dataset } from "../dataset/matrix.js";
import { type Costs, knownHalfSpreadBps } from "../trading/costs.js";
import { expectedFundingBps } from "../trading/funding.js";

/** Mean costs of a bet, in and out, bps of its value. */
export interface BetCosts {
  /** Of the quoted spread, or the preset's where there is no book. */
  readonly spreadBps: number;
  readonly feesBps: number;
  /** At the preset's rate, by the called side: shorts receive what longs pay; 0 where positions pay none. */
  readonly fundingBps: number;
  readonly totalBps: number;
}

/**
 * Mean cost of a bet on each row.
 *
 * @param rows - n rows of the dataset
 * @param probability - n probabilities of "up" that say the side; ½ is held by nobody and pays no funding
 * @returns NaN without rows
 */
export function betCosts(
  { halfSpreadBps, barEndUs, labelEndUs, latencyUs }: Dataset,
  { rows, probability }: { readonly rows: Uint32Array; readonly probability: Float64Array },
  costs: Costs,
): BetCosts {
  const spreadBps =
    2 * mean(Float64Array.from(rows, (row) => knownHalfSpreadBps(costs, halfSpreadBps[row]!)));
  const feesBps = 2 * costs.feeBps;
  const fundingBps = mean(
    Float64Array.from(rows, (row, i) => {
      const held = { fromUs: barEndUs[row]! + latencyUs, toUs: labelEndUs[row]! };
      return expectedFundingBps(costs, Math.sign(probability[i]! - 0.5), held);
    }),
  );
  return { spreadBps, feesBps, fundingBps, totalBps: spreadBps + feesBps + fundingBps };
}
