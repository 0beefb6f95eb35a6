// Which prices stand far from all that was paid around them?
import { quantile } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";
import type { Candles } from "../../store/tables.js";
import {
  type CandleCheckResult,
  CLEAN_CANDLES,
  markHours,
  minutesText,
  runSpans,
} from "./candle-finding.js";
import type { CandleSettings } from "./candle-settings.js";

/** Median absolute deviation of a normal law to its standard deviation. */
const MAD_TO_DEVIATION = 1.4826;

/**
 * Candles with a price far from the median close of the minutes around them: further than a fixed ratio, and than so many
 * robust deviations (1.4826 × the median distance) of the day itself, so that a wild day is judged by its own measure.
 *
 * @param candles - of the day, in time order
 */
export function candleOutlier(
  candles: Candles,
  dayUs: number,
  { outlier }: CandleSettings,
): CandleCheckResult {
  const distances = distancesFromNeighbours(candles, outlier.neighbourMinutes);
  const known = distances.filter((distance) => !Number.isNaN(distance));
  const deviation = MAD_TO_DEVIATION * quantile(known, 0.5);
  const limit = Math.max(outlier.leastRatio, outlier.deviations * deviation);
  const odd = Array.from(distances.keys()).filter((i) => distances[i]! > limit);
  if (odd.length === 0) return CLEAN_CANDLES;
  const minutes = odd.map((i) => Math.floor((candles.barStartUs[i]! - dayUs) / MINUTE_US));
  const largest = odd.reduce((most, i) => Math.max(most, distances[i]!), 0);
  const finding = {
    check: "outlier",
    type: "candles",
    count: odd.length,
    firstUs: candles.barStartUs[odd[0]!]!,
    isFatal: false,
    value: largest,
    unit: "share",
    detail:
      `${minutesText(odd.length)} with a price more than ${(100 * limit).toFixed(1)} % from those around it, ` +
      `at most ${(100 * largest).toFixed(1)} %`,
    spans: runSpans(
      minutes.map((minute) => [minute, 1]),
      dayUs,
    ),
  } as const;
  const marks = markHours(minutes, dayUs, (count) => {
    return { verdict: "usable", reason: `${minutesText(count)} with a price far off` };
  });
  return { findings: [finding], marks };
}

/** |ln(price / median close of the other candles within some minutes)| of the furthest price; NaN without such candles. */
function distancesFromNeighbours(
  { barStartUs, open, high, low, close }: Candles,
  neighbourMinutes: number,
): Float64Array {
  const reachUs = neighbourMinutes * MINUTE_US;
  let from = 0;
  let to = 0;
  return barStartUs.map((timeUs, i) => {
    while (barStartUs[from]! < timeUs - reachUs) from++;
    while (to < barStartUs.length && barStartUs[to]! <= timeUs + reachUs) to++;
    const around = close.slice(from, to).filter((price, k) => from + k !== i && price > 0);
    if (around.length === 0) return Number.NaN;
    const center = quantile(around, 0.5);
    const prices = [open[i]!, high[i]!, low[i]!, close[i]!];
    return Math.max(...prices.map((price) => Math.abs(Math.log(price / center))));
  });
}
