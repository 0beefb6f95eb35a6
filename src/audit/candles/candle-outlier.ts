// Which prices stand far from all that was paid around them?
import { quantile } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";
import type { Candles } from "../../store/tables.js";
import { PriceRuns } from "../measuring/price-runs.js";
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
 * Candles in a row whose closes leave their level and come back are held against the level, and others not against them.
 *
 * @param candles - of the day, in any order; prices that are not above zero are left to another check
 */
export function candleOutlier(
  candles: Candles,
  dayUs: number,
  { outlier }: CandleSettings,
): CandleCheckResult {
  const ordered = inOrder(candles);
  const distances = distancesFromNeighbours(ordered, outlier.neighbourMinutes, new Map());
  const known = distances.filter((distance) => !Number.isNaN(distance));
  const deviation = MAD_TO_DEVIATION * quantile(known, 0.5);
  const limit = Math.max(outlier.leastRatio, outlier.deviations * deviation);
  const wrong = wrongRuns(ordered, outlier, limit);
  const judged =
    wrong.size === 0
      ? distances
      : distancesFromNeighbours(ordered, outlier.neighbourMinutes, wrong);
  const odd = Array.from(judged.keys()).filter((i) => judged[i]! > limit);
  if (odd.length === 0) return CLEAN_CANDLES;
  const minutes = odd.map((i) => Math.floor((ordered.barStartUs[i]! - dayUs) / MINUTE_US));
  const largest = odd.reduce((most, i) => Math.max(most, judged[i]!), 0);
  const finding = {
    check: "outlier",
    type: "candles",
    count: odd.length,
    firstUs: ordered.barStartUs[odd[0]!]!,
    isFatal: false,
    value: largest,
    unit: "share",
    detail:
      `${minutesText(odd.length)} with a price more than ${(100 * limit).toFixed(1)} % from those around, ` +
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

type PricedBars = Pick<Candles, "barStartUs" | "open" | "high" | "low" | "close">;

function inOrder({ barStartUs, open, high, low, close }: Candles): PricedBars {
  const rows = Array.from(barStartUs.keys()).sort((a, b) => barStartUs[a]! - barStartUs[b]!);
  const take = (column: Float64Array): Float64Array => Float64Array.from(rows, (i) => column[i]!);
  return {
    barStartUs: take(barStartUs),
    open: take(open),
    high: take(high),
    low: take(low),
    close: take(close),
  };
}

/** Starts of the candles in a row whose closes leave their level and come back, with their distance from it as a ratio. */
function wrongRuns(
  { barStartUs, close }: PricedBars,
  { neighbourMinutes, longRunRatio, longRunMinutes }: CandleSettings["outlier"],
  limit: number,
): ReadonlyMap<number, number> {
  const wrong = new Map<number, number>();
  const rule = {
    priceBps: 1e4 * limit,
    priceScatters: 0,
    priceSteps: 0,
    neighbours: 2 * neighbourMinutes,
    longRunBps: 1e4 * Math.max(limit, longRunRatio),
    longRunSeconds: 60 * longRunMinutes,
  };
  const runs = new PriceRuns(rule, (timeUs, bps) => wrong.set(timeUs, bps / 1e4));
  barStartUs.forEach((timeUs, i) => {
    runs.add(timeUs, close[i]!);
  });
  runs.finish();
  return wrong;
}

/**
 * |ln(price / median close of the other candles within some minutes)| of the furthest price; NaN without such candles.
 *
 * @param wrong - candles that others are not held against, and whose distances are known
 */
function distancesFromNeighbours(
  { barStartUs, open, high, low, close }: PricedBars,
  neighbourMinutes: number,
  wrong: ReadonlyMap<number, number>,
): Float64Array {
  const reachUs = neighbourMinutes * MINUTE_US;
  let from = 0;
  let to = 0;
  return barStartUs.map((timeUs, i) => {
    while (barStartUs[from]! < timeUs - reachUs) from++;
    while (to < barStartUs.length && barStartUs[to]! <= timeUs + reachUs) to++;
    const isBeside = (price: number, k: number): boolean =>
      from + k !== i && isPrice(price) && !wrong.has(barStartUs[from + k]!);
    const around = close.slice(from, to).filter(isBeside);
    const prices = [open[i]!, high[i]!, low[i]!, close[i]!].filter(isPrice);
    const known = wrong.get(timeUs);
    if (known !== undefined) return known;
    if (around.length === 0 || prices.length === 0) return Number.NaN;
    const center = quantile(around, 0.5);
    return Math.max(...prices.map((price) => Math.abs(Math.log(price / center))));
  });
}

function isPrice(price: number): boolean {
  return price > 0 && price < Number.POSITIVE_INFINITY;
}
