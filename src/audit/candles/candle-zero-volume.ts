// In which minutes does a candle say that nothing was traded?
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

/** Candles without volume: their prices are carried forward, so that a return over them is 0 without being one. */
export function candleZeroVolume(
  { barStartUs, volume }: Pick<Candles, "barStartUs" | "volume">,
  dayUs: number,
  { hour }: CandleSettings,
): CandleCheckResult {
  const isZero = new Uint8Array(DAY_MINUTES);
  barStartUs.forEach((startUs, i) => {
    if (volume[i] === 0) isZero[(startUs - dayUs) / MINUTE_US] = 1;
  });
  const runs = minuteRuns(DAY_MINUTES, (minute) => isZero[minute] === 1);
  if (runs.length === 0) return CLEAN_CANDLES;
  const minutes = Array.from(isZero.keys()).filter((minute) => isZero[minute] === 1);
  const finding = {
    check: "zero-volume",
    type: "candles",
    count: minutes.length,
    firstUs: dayUs + minutes[0]! * MINUTE_US,
    isFatal: false,
    value: minutes.length / barStartUs.length,
    unit: "share",
    detail: `${minutesText(minutes.length)} with a candle and no volume in it`,
    spans: runSpans(runs, dayUs),
  } as const;
  const marks = markHours(minutes, dayUs, (count) =>
    count / HOUR_MINUTES > hour.zeroVolumeUsable
      ? { verdict: "usable", reason: `${minutesText(count)} without volume` }
      : undefined,
  );
  return { findings: [finding], marks };
}
