// When did spread or depth become another market's, and stay so?
import { SECOND_US } from "../../core/time.js";
import { type CheckResult, CLEAN, type Span } from "../finding.js";
import type { BookState, BookType, StateCheck } from "../measuring/book-state.js";
import { findBreaks } from "../measuring/level-break.js";
import { Stretches, united } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/** Four looks a second are enough for what must last minutes. */
const STEP_US = SECOND_US / 4;

/**
 * Breaks of the spread (in bps) and of each side's depth (sum of its best levels' amounts) on a log scale: the median of ten
 * minutes far from that of the hour before, by a factor and by the scatter of its minutes. Markets do this at great news;
 * feeds do it when they lose levels.
 */
export function regimeBreak(type: BookType, settings: AuditSettings["regimeBreak"]): StateCheck {
  const series = { spread: new Series(), "bid depth": new Series(), "ask depth": new Series() };
  let nextUs = Number.NEGATIVE_INFINITY;
  return {
    update: (localUs, state: BookState) => {
      if (localUs < nextUs) return;
      const { bidPrice, askPrice } = state.touch;
      if (!(askPrice > bidPrice)) return;
      const width = (askPrice - bidPrice) / (askPrice + bidPrice);
      nextUs = (Math.floor(localUs / STEP_US) + 1) * STEP_US;
      series.spread.add(localUs, Math.log(2e4 * width));
      series["bid depth"].add(localUs, Math.log(state.depth("bid", settings.levels)));
      series["ask depth"].add(localUs, Math.log(state.depth("ask", settings.levels)));
    },
    finish: () => {
      const breaks = Object.entries(series).map(
        ([what, values]) => [what, breaksOf(values, settings)] as const,
      );
      return breakFinding(type, breaks);
    },
  };
}

function breaksOf(
  series: Series,
  settings: AuditSettings["regimeBreak"],
): ReturnType<typeof findBreaks> {
  return findBreaks(series.timesUs(), series.logs(), {
    minutes: settings.minutes,
    minutesBefore: settings.minutesBefore,
    leastLog: Math.log(settings.factor),
    scatters: settings.scatters,
    leastGap: Math.log(settings.gapFactor),
  });
}

function breakFinding(
  type: BookType,
  breaks: readonly (readonly [string, ReturnType<typeof findBreaks>])[],
): CheckResult {
  const spans: Span[] = [];
  const told: string[] = [];
  let worst = 1;
  for (const [what, found] of breaks) {
    if (found.length === 0) continue;
    spans.push(...found.map(({ span }) => span));
    const factors = found.map(({ log }) => Math.exp(Math.abs(log)));
    const largest = found[factors.indexOf(Math.max(...factors))]!;
    worst = Math.max(worst, ...factors);
    const direction = largest.log > 0 ? "rises" : "falls";
    const times = Math.exp(Math.abs(largest.log)).toFixed(1);
    told.push(`the ${what} ${direction} ${times}-fold within minutes and stays`);
  }
  if (spans.length === 0) return CLEAN;
  const places = new Stretches();
  for (const span of united(spans)) places.add(...span);
  const finding = {
    check: "regime-break",
    type,
    count: places.count,
    firstUs: places.firstUs,
    isFatal: false,
    value: worst,
    unit: "times",
    detail: told.join(", "),
    spans: places.spans(),
  } as const;
  const marks = places.marks(new Map(), { usableAbove: 0, badAbove: 1 }, () => told.join(", "));
  return { findings: [finding], marks };
}

/** Values in order of time, in arrays that grow. */
class Series {
  private times: Float64Array = new Float64Array(1024);
  private values: Float64Array = new Float64Array(1024);
  private length = 0;

  add(timeUs: number, value: number): void {
    if (!Number.isFinite(value)) return;
    if (this.length === this.times.length) {
      this.times = grown(this.times);
      this.values = grown(this.values);
    }
    this.times[this.length] = timeUs;
    this.values[this.length++] = value;
  }

  timesUs(): Float64Array {
    return this.times.subarray(0, this.length);
  }

  logs(): Float64Array {
    return this.values.subarray(0, this.length);
  }
}

function grown(values: Float64Array): Float64Array {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}
