// Do the two clocks run apart over the day?
import { quantile } from "../../core/statistics.js";
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from "../../core/time.js";
import type { AuditedType } from "../../store/audited-types.js";
import { CLEAN } from "../finding.js";
import { hourOf } from "../measuring/hours.js";
import type { MessageBatch, MessageCheck } from "../measuring/messages.js";
import { MinuteDelays } from "../measuring/minute-delays.js";
import type { AuditSettings } from "../settings.js";

/** Delays are looked at in blocks of this length: their fastest messages know the clocks best. */
const BLOCK_US = 10 * MINUTE_US;

/**
 * A slow change of the fastest delays. A line has no reason to become slower by the hour, but a clock that runs too fast or
 * too slow does it evenly: the slope is the median of all slopes between blocks of ten minutes (Theil and Sen), and the
 * finding needs a change over the stream that stands far above the blocks' scatter about that line.
 */
export function clockDrift(
  type: AuditedType,
  { leastSeconds, scatters, leastHours }: AuditSettings["clockDrift"],
): MessageCheck {
  const blocks = new Map<number, number[]>();
  const delays = new MinuteDelays((minuteUs, _medianUs, lowUs) => {
    const block = Math.floor(minuteUs / BLOCK_US) * BLOCK_US;
    const minutes = blocks.get(block);
    if (minutes === undefined) blocks.set(block, [lowUs]);
    else minutes.push(lowUs);
  });
  let firstUs = Number.NaN;
  let lastUs = Number.NaN;
  return {
    update: ({ localUs, exchangeUs, count }: MessageBatch) => {
      for (let m = 0; m < count; m++) delays.add(localUs[m]!, localUs[m]! - exchangeUs[m]!);
      if (count === 0) return;
      lastUs = localUs[count - 1]!;
      if (Number.isNaN(firstUs)) firstUs = localUs[0]!;
    },
    finish: () => {
      delays.finish();
      if (!(lastUs - firstUs >= leastHours * HOUR_US)) return CLEAN;
      const times = Float64Array.from(blocks.keys());
      const lows = Float64Array.from(blocks.values(), (minutes) => quantile(minutes, 0.5));
      const { slope, scatterUs } = theilSen(times, lows);
      const changeUs = slope * (lastUs - firstUs);
      const leastUs = Math.max(leastSeconds * SECOND_US, scatters * scatterUs);
      if (!(Math.abs(changeUs) >= leastUs)) return CLEAN;
      const perDay = (slope * DAY_US) / 1e6;
      const size = (Math.abs(changeUs) / 1e6).toFixed(3);
      const finding = {
        check: "clock-drift",
        type,
        count: 1,
        firstUs,
        isFatal: false,
        value: perDay,
        unit: "s a day",
        detail: `the fastest delays ${changeUs > 0 ? "grow" : "shrink"} by ${size} s over the stream, evenly`,
        spans: [[firstUs, lastUs]],
      } as const;
      const reason = `clocks drift by ${perDay.toFixed(3)} s a day`;
      const hours = new Set([...blocks.keys()].map(hourOf));
      const marks = [...hours].map((hourUs) => ({ hourUs, verdict: "usable", reason }) as const);
      return { findings: [finding], marks };
    },
  };
}

/** Median slope between all pairs of points, and the median distance of the points from the line, scaled to a deviation. */
function theilSen(
  x: Float64Array,
  y: Float64Array,
): { readonly slope: number; readonly scatterUs: number } {
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) slopes.push((y[j]! - y[i]!) / (x[j]! - x[i]!));
  }
  const slope = quantile(slopes, 0.5);
  const rests = y.map((value, i) => value - slope * x[i]!);
  const centre = quantile(rests, 0.5);
  const scatterUs =
    1.4826 *
    quantile(
      rests.map((rest) => Math.abs(rest - centre)),
      0.5,
    );
  return { slope, scatterUs };
}
