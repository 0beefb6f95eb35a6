// Does the local clock agree with the exchange's?
import { quantile } from "../core/statistics.js";
import type { AuditedType, RowCheck } from "./finding.js";
import { CLEAN, hourOf } from "./finding.js";
import type { AuditSettings } from "./settings.js";

/** Delays kept for the median; when they are full, every other one goes and every other new one is taken. */
const SAMPLE = 65_536;

/**
 * Median of arrival minus exchange time over the messages. A message that arrives before the exchange sent it means that a
 * clock is wrong; it is a finding with its size, and no error: order and features use arrival time alone.
 */
export function clockOffset(
  type: AuditedType,
  { earlyClockUs, lateClockUs }: AuditSettings,
): RowCheck {
  const delays = new Float64Array(SAMPLE);
  let kept = 0;
  let stride = 1;
  let messages = 0;
  let early = 0;
  let firstOddUs = Number.NaN;
  let lastUs = Number.NaN;
  const hours = new Set<number>();
  return {
    update: ({ localTimestampUs, timestampUs }) => {
      for (let i = 0; i < localTimestampUs.length; i++) {
        const localUs = localTimestampUs[i]!;
        if (localUs === lastUs) continue;
        lastUs = localUs;
        const delayUs = localUs - timestampUs[i]!;
        hours.add(hourOf(localUs));
        if (delayUs < -earlyClockUs || delayUs > lateClockUs) {
          if (Number.isNaN(firstOddUs)) firstOddUs = localUs;
          early++;
        }
        if (messages++ % stride !== 0) continue;
        if (kept === SAMPLE) {
          for (let k = 0; k < SAMPLE / 2; k++) delays[k] = delays[2 * k]!;
          kept = SAMPLE / 2;
          stride *= 2;
          if ((messages - 1) % stride !== 0) continue;
        }
        delays[kept++] = delayUs;
      }
    },
    finish: () => {
      const medianUs = quantile(delays.subarray(0, kept), 0.5);
      if (!(medianUs < -earlyClockUs || medianUs > lateClockUs)) return CLEAN;
      const seconds = medianUs / 1e6;
      const side = seconds < 0 ? "before" : "after";
      const finding = {
        check: "clock-offset",
        type,
        count: early,
        firstUs: firstOddUs,
        isFatal: false,
        value: seconds,
        unit: "s",
        detail: `messages arrive ${Math.abs(seconds).toFixed(3)} s ${side} the exchange's time (median)`,
      } as const;
      const reason = `clock offset ${seconds.toFixed(3)} s`;
      const marks = [...hours].map((hourUs) => ({ hourUs, verdict: "usable", reason }) as const);
      return { findings: [finding], marks };
    },
  };
}
