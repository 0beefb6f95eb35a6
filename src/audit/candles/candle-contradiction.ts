// Can each candle be one at all?
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

/**
 * Candles that no trades can have made: low above high, open or close outside of both, a price that is not positive, a volume
 * that is negative or none. Ingest refuses them; what another program wrote may hold them.
 */
export function candleContradiction(
  candles: Candles,
  dayUs: number,
  { contradictionFatal }: CandleSettings,
): CandleCheckResult {
  const rows = candles.barStartUs.length;
  const odd = Array.from({ length: rows }, (_, i) => i)
    .filter((i) => !isPossible(candles, i))
    .sort((a, b) => candles.barStartUs[a]! - candles.barStartUs[b]!);
  if (odd.length === 0) return CLEAN_CANDLES;
  const minutes = odd.map((i) => Math.floor((candles.barStartUs[i]! - dayUs) / MINUTE_US));
  const finding = {
    check: "outlier",
    type: "candles",
    count: odd.length,
    firstUs: candles.barStartUs[odd[0]!]!,
    isFatal: odd.length / rows > contradictionFatal,
    value: odd.length / rows,
    unit: "share",
    detail: `${odd.length} of ${rows} candles contradict themselves: prices outside [low, high], or no positive price`,
    spans: runSpans(
      minutes.map((minute) => [minute, 1]),
      dayUs,
    ),
  } as const;
  const marks = markHours(minutes, dayUs, (count) => {
    return { verdict: "bad", reason: `${minutesText(count)} whose candle contradicts itself` };
  });
  return { findings: [finding], marks };
}

/** low ≤ open, close ≤ high; each comparison with NaN is false. */
function isPossible({ open, high, low, close, volume }: Candles, i: number): boolean {
  const [o, h, l, c] = [open[i]!, high[i]!, low[i]!, close[i]!];
  const isOrdered = l > 0 && l <= o && l <= c && o <= h && c <= h && h < Number.POSITIVE_INFINITY;
  return isOrdered && volume[i]! >= 0 && volume[i]! < Number.POSITIVE_INFINITY;
}
