import { SECOND_US } from "../../core/time.js";
import type { Span } from "../finding.js";
import type { GapRule } from "../settings.js";
import type { MessageBatch } from "./messages.js";

/** Intervals are counted in classes 1 to 2 % wide, 64 to a power of two: the upper bits of their doubles. */
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
const CLASSES_BITS = 14;
const FIRST_CLASS = 1023 << (20 - CLASSES_BITS);
const CLASSES = 38 << (20 - CLASSES_BITS);

/** Class of an interval of a microsecond to a day and more. */
function classOf(intervalUs: number): number {
  double[0] = intervalUs;
  return Math.min(CLASSES - 1, (halves[1]! >>> CLASSES_BITS) - FIRST_CLASS);
}

/** Middle of a class, µs. */
function middleOf(place: number): number {
  halves[0] = 0;
  halves[1] = ((place + FIRST_CLASS) << CLASSES_BITS) | (1 << (CLASSES_BITS - 1));
  return double[0]!;
}

/**
 * How fast a stream's messages follow each other, and where it paused. Rows of one arrival time are one message. Holds
 * a histogram and the long pauses only, so a day of any length fits.
 */
export class Pace {
  /** First and last arrival time, µs; NaN before the first row. */
  firstUs: number = Number.NaN;
  lastUs: number = Number.NaN;
  /** Messages in all, and by hour of day. */
  messages = 0;
  readonly messagesByHour: Float64Array = new Float64Array(24);
  /** Rows by hour of day. */
  readonly rowsByHour: Float64Array = new Float64Array(24);
  private readonly counts = new Float64Array(CLASSES);
  private readonly pauses: Span[] = [];
  private readonly rule: GapRule;

  constructor(rule: GapRule) {
    this.rule = rule;
  }

  /** Takes further messages. */
  update({ localUs, starts, count }: MessageBatch): void {
    for (let m = 0; m < count; m++) this.add(localUs[m]!, starts[m + 1]! - starts[m]!);
  }

  /** Takes the arrival time of one more message, or of the rest of one. */
  add(timeUs: number, rows = 1): void {
    const hour = Math.floor(timeUs / 3_600e6) % 24;
    this.rowsByHour[hour]! += rows;
    if (timeUs === this.lastUs) return;
    this.messages++;
    this.messagesByHour[hour]!++;
    if (Number.isNaN(this.firstUs)) this.firstUs = timeUs;
    else this.addInterval(this.lastUs, timeUs);
    this.lastUs = timeUs;
  }

  /** The interval that a share of all intervals does not exceed, µs, to 2 %; NaN before the second message. */
  intervalUs(share: number): number {
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    let below = 0;
    for (let i = 0; i < CLASSES; i++) {
      below += this.counts[i]!;
      if (total > 0 && below >= share * total) return middleOf(i);
    }
    return Number.NaN;
  }

  /** A pause longer than this is a gap, µs. */
  gapUs(): number {
    const { floorSeconds, medians, tails, unexplainedSeconds } = this.rule;
    const floorUs = floorSeconds * SECOND_US;
    if (this.messages < 2) return floorUs;
    const tailUs = this.intervalUs(0.999);
    // Beyond the 99.9 % interval, intervals thin out by a factor e every `scale`: the longest of the day's is expected
    // ln(n/1000) of them further out, and e⁻⁹ of all days see one of nine more.
    const scaleUs = (tailUs - this.intervalUs(0.99)) / Math.LN10;
    const explainedUs = tailUs + scaleUs * (Math.max(0, Math.log(this.messages / 1000)) + 9);
    return Math.max(
      floorUs,
      medians * this.intervalUs(0.5),
      tails * tailUs,
      Math.min(explainedUs, unexplainedSeconds * SECOND_US),
    );
  }

  /** Pauses that are gaps. */
  gaps(): readonly Span[] {
    const limitUs = this.gapUs();
    return this.pauses.filter(([startUs, endUs]) => endUs - startUs > limitUs);
  }

  private addInterval(startUs: number, endUs: number): void {
    const interval = endUs - startUs;
    if (interval < 1) return;
    this.counts[classOf(interval)]!++;
    if (interval > this.rule.floorSeconds * SECOND_US) this.pauses.push([startUs, endUs]);
  }
}
