// Which minutes have no candle?
import { MINUTE_US } from "../../core/time.js";
import type { Candles } from "../../store/tables.js";
import { minuteRuns } from "../sources/minute-runs.js";
import {
  type CandleCheckResult,
  CLEAN_CANDLES,
  DAY_MINUTES,
  markHours,
  minutesText,
  runSpans,
} from "./candle-finding.js";
import { type CandleSettings, HOUR_MINUTES } from "./candle-settings.js";

/**
 * Minutes of a day without a candle; `count` is their number. A source may leave out minutes in which nothing was traded, so
 * only trades could tell whether one of them was lost; without them no return can be computed over any of them.
 *
 * @param candles - of the day, in any order; none at all is a gap of 1,440 minutes
 */
export function candleGap(
  { barStartUs }: Pick<Candles, "barStartUs">,
  dayUs: number,
  { hour }: CandleSettings,
): CandleCheckResult {
  const has = new Uint8Array(DAY_MINUTES);
  for (const startUs of barStartUs) has[(startUs - dayUs) / MINUTE_US] = 1;
  const runs = minuteRuns(DAY_MINUTES, (minute) => has[minute] === 0);
  if (runs.length === 0) return CLEAN_CANDLES;
  const missing = Array.from(has.keys()).filter((minute) => has[minute] === 0);
  const longest = runs.reduce((most, [, minutes]) => Math.max(most, minutes), 0);
  const finding = {
    check: "gap",
    type: "candles",
    count: missing.length,
    firstUs: dayUs + missing[0]! * MINUTE_US,
    isFatal: false,
    value: (missing.length * MINUTE_US) / 1e6,
    unit: "s",
    detail:
      `${minutesText(missing.length)} without a candle in ${runs.length} ` +
      `${runs.length === 1 ? "run" : "runs"}, the longest of ${minutesText(longest)}`,
    spans: runSpans(runs, dayUs),
  } as const;
  const marks = markHours(missing, dayUs, (count) => ({
    verdict: count / HOUR_MINUTES > hour.missingBad ? "bad" : "usable",
    reason: `${minutesText(count)} without a candle`,
  }));
  return { findings: [finding], marks };
}
