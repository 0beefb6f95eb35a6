import type { Random } from "../../core/random.js";
import { quantile } from "../../core/statistics.js";
import type { Dataset } from "../../dataset/matrix.js";

/** Calendar and prices of a random walk over one gap-free run of bars. */
export interface WalkPath {
  readonly barEndUs: Float64Array;
  readonly barUs: number;
  readonly latencyUs: number;
  /** A power of two, so that every price is an exact double. */
  readonly tick: number;
  /** Price, in ticks, after the first move of each bar, and after the second. */
  readonly early: Float64Array;
  readonly late: Float64Array;
  /** 0: there is no book at the bar's end plus latency. */
  readonly hasPrice: Uint8Array;
}

/** Of a bar's move this part comes between the end of the bar before and the price at which its decision is executed. */
const EARLY_SHARE = 0.25;

/** Ticks in the median move where the price is lowest. */
const TICKS_A_MOVE = 4;

/** Of a market that never moves, so that there is a tick at all. */
const SMALL_MOVE = 1e-4;

/** Once in so many bars the walk falls silent, for up to three of them. */
const SILENT_ONCE_IN = 500;

/**
 * A random walk with a market's own calendar and volatility: each bar moves as far as the market did, and a fair coin says
 * which way, so that nothing known at a bar's end tells of the moves after it. Where the market has no price the walk has
 * none, and at some more places, so that every walk has gaps.
 *
 * @param from - first row of the dataset that the walk goes over
 * @param to - row after its last; all of one symbol, no bar missing between
 */
export function walkPath(
  { barEndUs, entryPrice, barUs, latencyUs, labelKind }: Dataset,
  from: number,
  to: number,
  random: Random,
): WalkPath {
  const price = entryPrice.subarray(from, to);
  const size = moveSizes(price);
  const rows = size.length;
  const early = new Float64Array(rows);
  const late = new Float64Array(rows);
  const hasPrice = Uint8Array.from(price, (value) => Number(value > 0));
  let now = price.find((value) => value > 0) ?? 1;
  for (let row = 0; row < rows; row++) {
    const move = random.uniform() < 0.5 ? size[row]! : -size[row]!;
    early[row] = now * Math.exp(EARLY_SHARE * move);
    now *= Math.exp(move);
    late[row] = now;
    const fallsSilent = random.below(SILENT_ONCE_IN) === 0;
    if (fallsSilent && labelKind === "mid") hasPrice.fill(0, row, row + 1 + random.below(3));
  }
  const tick = tickOf(late, size);
  const inTicks = (value: number): number => Math.round(value / tick);
  return {
    ...{ barEndUs: barEndUs.subarray(from, to), barUs, latencyUs, tick, hasPrice },
    ...{ early: early.map(inTicks), late: late.map(inTicks) },
  };
}

/** |ln(price / last price)| of each row: 0 without a price, and the whole way once there is one again. */
function moveSizes(price: Float64Array): Float64Array {
  let last = Number.NaN;
  return price.map((value) => {
    const size = Math.abs(Math.log(value / last));
    if (value > 0) last = value;
    return Number.isFinite(size) ? size : 0;
  });
}

function tickOf(price: Float64Array, size: Float64Array): number {
  const moves = size.filter((move) => move > 0);
  const move = moves.length > 0 ? quantile(moves, 0.5) : SMALL_MOVE;
  const lowest = price.reduce((low, value) => Math.min(low, value));
  return 2 ** Math.round(Math.log2((lowest * move) / TICKS_A_MOVE));
}
