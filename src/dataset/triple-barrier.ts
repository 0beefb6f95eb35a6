import { returnOf } from "../features/future-returns.js";
import type { LabelPrices, LabelSettings, Labels } from "./labels.js";
import { outcomeOf } from "./outcome.js";

/** Barriers and their distance, see `LabelRule`. */
type BarrierSettings = Omit<LabelSettings, "rule"> & {
  readonly deviations: number;
  readonly volatilityBars: number;
};

/**
 * Which of two barriers the price meets first within the horizon, looked at where decisions are executed: at each bar's end
 * plus the latency. A row's label ends with the look that met a barrier, at the latest with the horizon, where the sign of
 * the return decides.
 *
 * There is no label without a price now, without `volatilityBars` known prices in a row before, where nothing moved in them,
 * or where a price or a bar is missing before a barrier is met. In the last case a bet still ends with the first look that
 * finds a price beyond a barrier; where there are no barriers nothing is asked, and the end is NaN.
 */
export function tripleBarrierLabels(
  { barEndUs, entryPrice, knownPrice }: LabelPrices,
  { barUs, horizonUs, latencyUs, deviations, volatilityBars }: BarrierSettings,
): Labels {
  const rows = barEndUs.length;
  const horizonBars = horizonUs / barUs;
  const outcome = new Float32Array(rows).fill(Number.NaN);
  const labelReturn = new Float64Array(rows).fill(Number.NaN);
  const labelEndUs = new Float64Array(rows).fill(Number.NaN);
  const squares = trailingSquares(knownPrice, barEndUs, { barUs, volatilityBars });
  for (let i = 0; i < rows; i++) {
    // Distance = k · √(h · mean r²): the deviation of a return over the whole horizon.
    const distance = deviations * Math.sqrt((horizonBars * squares[i]!) / volatilityBars);
    if (!(distance > 0)) continue;
    labelEndUs[i] = barEndUs[i]! + latencyUs + horizonUs;
    let isWhole = true;
    for (let at = i + 1; at < rows && barEndUs[at]! - barEndUs[i]! <= horizonUs; at++) {
      const bars = (barEndUs[at]! - barEndUs[i]!) / barUs;
      const change = returnOf(entryPrice[i]!, entryPrice[at]!);
      isWhole &&= bars === at - i && !Number.isNaN(change);
      const isOver = Math.abs(change) >= distance || (isWhole && bars === horizonBars);
      if (!isOver) continue;
      labelEndUs[i] = barEndUs[at]! + latencyUs;
      if (isWhole) {
        outcome[i] = outcomeOf(change);
        labelReturn[i] = change;
      }
      break;
    }
  }
  return { outcome, labelReturn, labelEndUs };
}

/** Σ r² over the last bars of a gap-free run, the row's own last; NaN where there are fewer. */
function trailingSquares(
  price: Float64Array,
  barEndUs: Float64Array,
  { barUs, volatilityBars }: { readonly barUs: number; readonly volatilityBars: number },
): Float64Array {
  const square = price.map((now, i) => {
    const isNext = i > 0 && barEndUs[i]! - barEndUs[i - 1]! === barUs;
    return isNext ? returnOf(price[i - 1]!, now) ** 2 : Number.NaN;
  });
  return square.map((_, i) => {
    if (i + 1 < volatilityBars) return Number.NaN;
    // Summed anew for each row: a running sum would carry its rounding, and so the past, along.
    let sum = 0;
    for (let j = i + 1 - volatilityBars; j <= i; j++) sum += square[j]!;
    return sum;
  });
}
