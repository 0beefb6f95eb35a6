// When did spread or depth become another market's, and stay so?
import { HOUR_US, MINUTE_US, SECOND_US } from "../../core/time.js";
import { type CheckResult, CLEAN, type HourMark, type Span } from "../finding.js";
import type { BookState, BookType, StateCheck } from "../measuring/book-state.js";
import { NEARLY } from "../measuring/break-place.js";
import { hourOf } from "../measuring/hours.js";
import { findBreaks, type LevelBreak } from "../measuring/level-break.js";
import { Stretches } from "../measuring/stretches.js";
import type { AuditSettings } from "../settings.js";

/**
 * Four looks a second are enough for what must last minutes. Some may come before their time: the last message before a silence
 * is what stands in it.
 */
const STEP_US = SECOND_US / 4;
const AHEAD_US = 16 * STEP_US;

/** Breaks that begin within this time of each other are of one thing. */
const TOGETHER_US = MINUTE_US;

/**
 * Breaks of the spread (in bps) and of each side's depth (sum of its best levels' amounts) on a log scale: the median of ten
 * minutes far from that of the hour before, by a factor and by the scatter of its minutes. Markets do this at great news;
 * feeds do it when they lose levels.
 */
export function regimeBreak(type: BookType, settings: AuditSettings["regimeBreak"]): StateCheck {
  const series = { spread: new Series(), "bid depth": new Series(), "ask depth": new Series() };
  let dueUs = Number.NEGATIVE_INFINITY;
  return {
    update: (localUs, state: BookState) => {
      if (localUs < dueUs - AHEAD_US) return;
      const { bidPrice, askPrice } = state.touch;
      if (!(askPrice > bidPrice)) return;
      const width = (askPrice - bidPrice) / (askPrice + bidPrice);
      dueUs = Math.max(dueUs, localUs) + STEP_US;
      series.spread.add(localUs, Math.log(2e4 * width));
      series["bid depth"].add(localUs, Math.log(state.depth("bid", settings.levels)));
      series["ask depth"].add(localUs, Math.log(state.depth("ask", settings.levels)));
    },
    finish: () => {
      const breaks = Object.entries(series).flatMap(([what, values]) =>
        breaksOf(values, settings).map((found) => ({ what, ...found })),
      );
      return breakResult(type, breaks, settings);
    },
  };
}

/** A break, and what breaks. */
type NamedBreak = LevelBreak & { readonly what: string };

function breaksOf(series: Series, settings: AuditSettings["regimeBreak"]): readonly LevelBreak[] {
  return findBreaks(series.timesUs(), series.logs(), {
    minutes: settings.minutes,
    minutesBefore: settings.minutesBefore,
    leastLog: Math.log(settings.factor),
    scatters: settings.scatters,
    leastGap: Math.log(settings.gapFactor),
  });
}

function breakResult(
  type: BookType,
  breaks: readonly NamedBreak[],
  settings: AuditSettings["regimeBreak"],
): CheckResult {
  if (breaks.length === 0) return CLEAN;
  const places = new Stretches();
  for (const span of placesOf(breaks, settings.minutes * MINUTE_US)) places.add(...span);
  const largest = new Map<string, NamedBreak>();
  for (const one of breaks) {
    const other = largest.get(one.what);
    if (other === undefined || factorOf(one) > factorOf(other)) largest.set(one.what, one);
  }
  const finding = {
    check: "regime-break",
    type,
    count: places.count,
    firstUs: places.firstUs,
    isFatal: false,
    value: Math.max(...breaks.map(factorOf)),
    unit: "times",
    detail: [...largest.values()].map(beginning).join(", and "),
    spans: places.spans(),
  } as const;
  return { findings: [finding], marks: breaks.flatMap(marksOf) };
}

/**
 * Where breaks are: those that begin within one window's length are one place, from the first beginning to the last end. Where
 * several begin at nearly one time, one thing has happened: the first that does so in a large step tells when.
 */
function placesOf(breaks: readonly NamedBreak[], windowUs: number): readonly Span[] {
  const groups: NamedBreak[][] = [];
  for (const one of [...breaks].sort((a, b) => a.span[0] - b.span[0])) {
    const group = groups.at(-1);
    if (group === undefined || one.span[0] - group[0]!.span[0] >= windowUs) groups.push([one]);
    else group.push(one);
  }
  return groups.map((group) => {
    const together = group.filter(({ span }) => span[0] - group[0]!.span[0] < TOGETHER_US);
    const longest = Math.max(...together.map(({ step }) => Math.abs(step)));
    const clear = together.find(({ step }) => Math.abs(step) >= NEARLY * longest)!;
    return [clear.span[0], Math.max(...group.map(({ span }) => span[1]))];
  });
}

/** The hours of a break: in the first it begins, in the others it has begun. */
function marksOf(found: NamedBreak): readonly HourMark[] {
  const [startUs, endUs] = found.span;
  const marks: HourMark[] = [];
  for (let hourUs = hourOf(startUs); hourUs <= endUs; hourUs += HOUR_US) {
    const reason = hourUs <= startUs ? beginning(found) : `the ${found.what} has ${gone(found)}`;
    marks.push({ hourUs, verdict: "usable", reason });
  }
  return marks;
}

function factorOf({ log }: NamedBreak): number {
  return Math.exp(Math.abs(log));
}

function beginning(found: NamedBreak): string {
  const verb = found.log > 0 ? "rises" : "falls";
  return `the ${found.what} ${verb} ${factorOf(found).toFixed(1)}-fold within minutes and stays`;
}

function gone(found: NamedBreak): string {
  return `${found.log > 0 ? "risen" : "fallen"} ${factorOf(found).toFixed(1)}-fold`;
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
