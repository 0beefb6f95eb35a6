// What the shown book has beside its mid, and independent of where the mid goes: a spread, and an imbalance that flickers.
import type { Random } from "../core/random.js";
import { SECOND_US } from "../core/time.js";

/** Fluctuation of the imbalance around its level: it fades within seconds and is independent of the pressure. */
export const FLICKER: { readonly deviation: number; readonly fadeUs: number } = {
  deviation: 0.2,
  fadeUs: 2 * SECOND_US,
};

const WIDEST_EXTRA = 3;

/** Smallest spread of the mid's parity, and two ticks more per step. */
export function spreadFor(halfTicks: number, extra: number): number {
  return (Math.abs(halfTicks) % 2 === 1 ? 1 : 2) + 2 * extra;
}

/** A move leaves the spread wider, the more so the livelier the market; gives the steps beyond the smallest one. */
export function widened(random: Random, extra: number, ratio: number): number {
  const isWider = random.uniform() < Math.min(0.5, 0.08 * ratio);
  return isWider ? Math.min(WIDEST_EXTRA, extra + 1) : extra;
}
