// How far did the mid go in each sixth of a minute, and what was traded in it?
import { MINUTE_US } from "../../core/time.js";
import { PARTS } from "../../features/bar.js";
import { notionalUsd } from "../../market/contract.js";
import type { FeatureLook } from "./feature-look.js";
import type { LookTicks } from "./look-ticks.js";

/** Length of a sixth of a minute, µs. */
export const PART_US: number = MINUTE_US / PARTS;

/**
 * Sixths of the look's bars at both ends of which the mid is known: notional bought less sold, in quote currency, and change
 * of the mid, bps.
 */
export function subIntervals({ minutes, ticks, contract }: FeatureLook): {
  readonly notional: Float64Array;
  readonly moveBps: Float64Array;
} {
  const parts = Math.round((minutes.toUs - minutes.fromUs) / PART_US);
  const signed = new Float64Array(parts);
  ticks.trades.timesUs.forEach((timeUs, i) => {
    const { side, price, amount } = ticks.trades;
    signed[Math.floor((timeUs - minutes.fromUs) / PART_US)]! +=
      side[i]! * notionalUsd(contract, price[i]!, amount[i]!);
  });
  const mids = midsAt(ticks, minutes.fromUs, parts + 1);
  const move = signed.map((_, k) => (1e4 * (mids[k + 1]! - mids[k]!)) / mids[k]!);
  const kept = Array.from(signed.keys()).filter((k) => !Number.isNaN(move[k]!));
  return {
    notional: Float64Array.from(kept, (k) => signed[k]!),
    moveBps: Float64Array.from(kept, (k) => move[k]!),
  };
}

/** Mid in force just before each of some equal steps; at the first, what stood when the window began. */
function midsAt({ states }: LookTicks, fromUs: number, count: number): Float64Array {
  let row = -1;
  return Float64Array.from({ length: count }, (_, k) => {
    const atUs = fromUs + k * PART_US;
    while (
      row + 1 < states.timesUs.length &&
      (states.timesUs[row + 1]! < atUs || states.timesUs[row + 1] === fromUs)
    ) {
      row++;
    }
    return row < 0 ? Number.NaN : (states.bidPrice[row]! + states.askPrice[row]!) / 2;
  });
}
