// Do an exchange's own candles say what its trades say?
import { MINUTE_US } from "../../core/time.js";
import type { MinuteCandles } from "../../market/exchange-minutes.js";
import { relativeDifference } from "../sources/minute-differences.js";
import { minuteRuns } from "../sources/minute-runs.js";
import type { TradeMinutes } from "../sources/tick-minutes.js";
import {
  type CandleCheckResult,
  CLEAN_CANDLES,
  markHours,
  minutesText,
  runSpans,
} from "./candle-finding.js";
import { type CandleSettings, HOUR_MINUTES } from "./candle-settings.js";

const PRICES = ["open", "high", "low", "close"] as const;

/**
 * Minutes of a day in which the candles of the same exchange and symbol differ from those that the trades make: a price or the
 * volume further apart than allowed, or a volume where no trade is stored. Minutes without a candle are `gap`'s to tell.
 *
 * @param ticks - the day's minutes made from trades by the exchange's time
 * @param candles - the same minutes as the exchange gives them out
 * @param coveredUs - first and last time, µs, between which all trades are stored; minutes not wholly within are passed over
 */
export function sourceMismatch(
  ticks: TradeMinutes,
  candles: MinuteCandles,
  coveredUs: readonly [from: number, to: number],
  { mismatch, hour }: CandleSettings,
): CandleCheckResult {
  const { startUs } = ticks;
  const isJudged = (m: number): boolean =>
    !Number.isNaN(candles.close[m]!) &&
    startUs + m * MINUTE_US >= coveredUs[0] &&
    startUs + (m + 1) * MINUTE_US <= coveredUs[1];
  const differs = (m: number): boolean => {
    if (ticks.trades[m] === 0) return candles.volume[m]! > 0;
    const apart = (name: (typeof PRICES)[number] | "volume"): number =>
      relativeDifference(ticks[name][m]!, candles[name][m]!);
    return (
      PRICES.some((name) => apart(name) > mismatch.priceRatio) ||
      apart("volume") > mismatch.volumeRatio
    );
  };
  const judged = Array.from(ticks.close.keys()).filter(isJudged);
  const odd = judged.filter(differs);
  if (odd.length === 0) return CLEAN_CANDLES;
  const isOdd = new Set(odd);
  const share = odd.length / judged.length;
  const finding = {
    check: "source-mismatch",
    type: "candles",
    count: odd.length,
    firstUs: startUs + odd[0]! * MINUTE_US,
    isFatal: share > mismatch.fatalShare,
    value: share,
    unit: "share",
    detail:
      `of ${minutesText(judged.length)} that both trades and candles tell of, ${odd.length} differ by more than ` +
      `${1e4 * mismatch.priceRatio} bps in a price or ${100 * mismatch.volumeRatio} % in volume`,
    spans: runSpans(
      minuteRuns(ticks.close.length, (m) => isOdd.has(m)),
      startUs,
    ),
  } as const;
  const marks = markHours(odd, startUs, (count) => ({
    verdict: count / HOUR_MINUTES > hour.mismatchBad ? "bad" : "usable",
    reason: `${minutesText(count)} whose candle differs from the trades`,
  }));
  return { findings: [finding], marks };
}
