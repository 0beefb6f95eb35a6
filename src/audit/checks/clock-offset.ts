// Does the local clock agree with the exchange's?
import { quantile } from "../../core/statistics.js";
import { MINUTE_US, SECOND_US } from "../../core/time.js";
import type { AuditedType } from "../../store/audited-types.js";
import { type CheckResult, CLEAN } from "../finding.js";
import type { MessageBatch, MessageCheck } from "../measuring/messages.js";
import { MinuteDelays } from "../measuring/minute-delays.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/**
 * Stretches of minutes in which half of the messages or more arrive before the exchange's time, or long after it: one of the
 * clocks is wrong, or the line is slow. It is a finding with its size, and no error: order and features use arrival times
 * alone.
 */
export function clockOffset(
  type: AuditedType,
  { earlySeconds, lateSeconds, minutes }: AuditSettings["clockOffset"],
): MessageCheck {
  const stretches = new Stretches();
  const medians: number[] = [];
  let odd = 0;
  // A run in which odd messages outnumber the others and, from the first minute with an odd median on, a stretch that begins with the run.
  let runUs = Number.NaN;
  let score = 0;
  let lastOddUs = Number.NaN;
  let openUs = Number.NaN;
  let openMedians: number[] = [];
  const isOdd = (delayUs: number): boolean =>
    delayUs < -earlySeconds * SECOND_US || delayUs > lateSeconds * SECOND_US;
  const close = (): void => {
    if (openMedians.length >= minutes) {
      stretches.add(openUs, lastOddUs);
      medians.push(...openMedians);
    }
    openUs = Number.NaN;
    openMedians = [];
  };
  const delays = new MinuteDelays((minuteUs, medianUs) => {
    if (!isOdd(medianUs)) return close();
    if (openMedians.length === 0) openUs = score > 0 ? runUs : minuteUs;
    openMedians.push(medianUs);
  });
  return {
    update: ({ localUs: localsUs, exchangeUs, count }: MessageBatch) => {
      for (let m = 0; m < count; m++) {
        const localUs = localsUs[m]!;
        const delayUs = localUs - exchangeUs[m]!;
        if (Number.isNaN(delayUs)) continue;
        delays.add(localUs, delayUs);
        // Odd messages that come now and then anyway neither begin a run nor end one.
        if (!isOdd(delayUs)) {
          if (score > 0) score--;
          continue;
        }
        if (score++ === 0) runUs = localUs;
        odd++;
        lastOddUs = localUs;
      }
    },
    finish: () => {
      delays.finish();
      close();
      return offsetFinding(type, stretches, { medians, odd });
    },
  };
}

function offsetFinding(
  type: AuditedType,
  stretches: Stretches,
  { medians, odd }: { readonly medians: readonly number[]; readonly odd: number },
): CheckResult {
  if (stretches.count === 0) return CLEAN;
  const seconds = quantile(medians, 0.5) / 1e6;
  const side = seconds < 0 ? "before" : "after";
  const size = Math.abs(seconds).toFixed(3);
  const minutes = Math.max(1, Math.round(stretches.totalUs / MINUTE_US));
  const finding = {
    check: "clock-offset",
    type,
    count: odd,
    firstUs: stretches.firstUs,
    isFatal: false,
    value: seconds,
    unit: "s",
    detail: `messages arrive ${size} s ${side} the exchange's time (median), for ${minutes} min`,
    spans: stretches.spans(),
  } as const;
  const limits = { usableAbove: 0, badAbove: 1 };
  const marks = stretches.marks(new Map(), limits, () => `clock offset ${seconds.toFixed(3)} s`);
  return { findings: [finding], marks };
}
