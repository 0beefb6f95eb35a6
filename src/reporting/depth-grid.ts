// How much rested at each price over time?
import { quantile } from "../core/statistics.js";
import { type Ladder, ladderMid } from "./ladder.js";

/** Resting value by time and price band. */
export interface DepthGrid {
  readonly timesUs: Float64Array;
  /** Lower edge of the first band; band b covers `lowPrice + b·bandHeight` up to the next edge. */
  readonly lowPrice: number;
  readonly bandHeight: number;
  readonly bands: number;
  /** Price × amount of the levels in each band, quote currency, band by band; NaN at times without a valid book. */
  readonly value: readonly Float64Array[];
}

/** Most price bands of a grid. */
const MOST_BANDS = 160;

/** What is shown reaches at least this far beyond the best prices: bps, and times the median spread. */
const LEAST_REACH_BPS = 3;
const LEAST_REACH_SPREADS = 8;

/**
 * Sums each ladder's levels into price bands around the best prices. The bands are a whole number of ticks high and reach
 * as far beyond the best prices as those moved themselves, but not past what the books show.
 *
 * @param ladders - one a time; undefined where there was no valid book
 * @param timesUs - times of the ladders
 * @returns undefined where no time had a valid book
 */
export function depthGrid(
  ladders: readonly (Ladder | undefined)[],
  timesUs: Float64Array,
): DepthGrid | undefined {
  const known = ladders.filter((ladder) => ladder !== undefined);
  if (known.length === 0) return undefined;
  const { low, high } = priceReach(known);
  const tick = smallestStep(known);
  const bandHeight =
    tick * Math.max(1, Math.ceil(roundStep((high - low) / MOST_BANDS) / tick - 1e-9));
  const first = Math.floor(low / bandHeight + 1e-9);
  const bands = Math.min(MOST_BANDS, Math.floor(high / bandHeight + 1e-9) - first + 1);
  const value = Array.from({ length: bands }, () => new Float64Array(ladders.length));
  for (const [column, ladder] of ladders.entries()) {
    if (ladder === undefined) for (const band of value) band[column] = Number.NaN;
    else addLevels(ladder, column);
  }
  return { timesUs, lowPrice: first * bandHeight, bandHeight, bands, value };

  function addLevels({ bidPrice, bidAmount, askPrice, askAmount }: Ladder, column: number): void {
    for (const [price, amount] of [
      [bidPrice, bidAmount],
      [askPrice, askAmount],
    ] as const) {
      for (let i = 0; i < price.length; i++) {
        const band = Math.floor(price[i]! / bandHeight + 1e-9) - first;
        if (band >= 0 && band < bands) value[band]![column]! += price[i]! * amount[i]!;
      }
    }
  }
}

function priceReach(known: readonly Ladder[]): { readonly low: number; readonly high: number } {
  const bids = known.map(({ bidPrice }) => bidPrice[0]!);
  const asks = known.map(({ askPrice }) => askPrice[0]!);
  const lowest = Math.min(...bids);
  const highest = Math.max(...asks);
  const spread = quantile(
    known.map((_, i) => asks[i]! - bids[i]!),
    0.5,
  );
  const reach = Math.max(
    (highest - lowest) / 2,
    LEAST_REACH_SPREADS * spread,
    (LEAST_REACH_BPS / 1e4) * ladderMid(known[0]!),
  );
  // The farthest hundredth of the books' ends is left out, so that one deep book does not stretch the picture.
  const ends = (side: "bidPrice" | "askPrice", level: number): number =>
    quantile(
      known.map((ladder) => ladder[side][ladder[side].length - 1]!),
      level,
    );
  return {
    low: Math.max(lowest - reach, ends("bidPrice", 0.01)),
    high: Math.min(highest + reach, ends("askPrice", 0.99)),
  };
}

/** The smallest distance between neighbouring levels of any ladder: the tick, as far as the books show it. */
function smallestStep(known: readonly Ladder[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (const { bidPrice, askPrice } of known) {
    for (const price of [bidPrice, askPrice]) {
      for (let i = 1; i < price.length; i++) {
        smallest = Math.min(smallest, Math.abs(price[i]! - price[i - 1]!));
      }
    }
  }
  if (!Number.isFinite(smallest)) return roundStep(ladderMid(known[0]!) / 1e6);
  // Differences of prices carry rounding errors of the last digits.
  return Number(smallest.toPrecision(6));
}

/** The next round number that is not below a length. */
function roundStep(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length));
  const step =
    [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((factor) => factor * power >= length * (1 - 1e-9)) ??
    10;
  return Number((step * power).toPrecision(6));
}
