/** Prices that are whole multiples of a tick: `(ticks * step) / scale` is the exact double of the feed. */
export interface PriceGrid {
  /** Ticks are multiples of this many 1/scale. */
  readonly step: number;
  /** A power of ten; dividing a whole number by it rounds once, as reading a decimal does. */
  readonly scale: number;
}

const MOST_DECIMALS = 15;

/** Whole numbers below it, and their products and roundings here, are exact. */
const LARGEST = 2 ** 50;

/** Share of the prices that has to lie on the grid: a few odd ones shall not make it finer for all. */
const SHARE = 0.9;

/**
 * The coarsest grid that nearly all prices lie on: as many decimals as they need, then the greatest common divisor.
 *
 * @param prices - of some levels; zero and below have no place on a grid
 * @returns undefined where the prices are no decimals of moderate length, such as sums of 0.1
 */
export function priceGrid(prices: ArrayLike<number>): PriceGrid | undefined {
  const decimals = Array.from(prices, decimalsOf);
  const most = [...decimals].sort((a, b) => a - b)[Math.ceil(SHARE * decimals.length) - 1];
  if (most === undefined || most > MOST_DECIMALS) return undefined;
  const scale = 10 ** most;
  let step = 0;
  for (let i = 0; i < prices.length; i++) {
    if (decimals[i]! <= most) step = greatestCommonDivisor(Math.round(prices[i]! * scale), step);
  }
  return { step, scale };
}

/** Least number of decimals that a price can be written with; infinity where it takes too many. */
function decimalsOf(price: number): number {
  if (!(price > 0)) return Number.POSITIVE_INFINITY;
  for (let decimals = 0; decimals <= MOST_DECIMALS; decimals++) {
    const scale = 10 ** decimals;
    const whole = Math.round(price * scale);
    if (whole > LARGEST) break;
    if (whole / scale === price) return decimals;
  }
  return Number.POSITIVE_INFINITY;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
