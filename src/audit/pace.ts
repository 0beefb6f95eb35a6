import type { GapRule } from "./settings.js";

/** Intervals are counted in classes 2 % wide from 1 µs on. */
const CLASS_WIDTH = Math.log(1.02);
const CLASSES = Math.ceil(Math.log(86_400e6) / CLASS_WIDTH) + 1;

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
  private readonly counts = new Float64Array(CLASSES);
  private readonly pauses: (readonly [number, number])[] = [];
  private readonly rule: GapRule;

  constructor(rule: GapRule) {
    this.rule = rule;
  }

  /** Takes the arrival times of further rows. */
  update(localTimestampUs: Float64Array): void {
    for (const time of localTimestampUs) {
      if (time === this.lastUs) continue;
      this.messages++;
      this.messagesByHour[Math.floor(time / 3_600e6) % 24]!++;
      if (Number.isNaN(this.firstUs)) this.firstUs = time;
      else this.addInterval(this.lastUs, time);
      this.lastUs = time;
    }
  }

  /** The interval that a share of all intervals does not exceed, µs, to 2 %; NaN before the second message. */
  intervalUs(share: number): number {
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    let below = 0;
    for (let i = 0; i < CLASSES; i++) {
      below += this.counts[i]!;
      if (total > 0 && below >= share * total) return Math.exp((i + 0.5) * CLASS_WIDTH);
    }
    return Number.NaN;
  }

  /** A pause longer than this is a gap, µs. */
  gapUs(): number {
    const { floorUs, medians, tails, unexplainedUs } = this.rule;
    if (this.messages < 2) return floorUs;
    const tailUs = this.intervalUs(0.999);
    // Beyond the 99.9 % interval, intervals thin out by a factor e every `scale`: the longest of the day's is expected
    // ln(n/1000) of them further out, and e⁻⁶ of all days see one of six more.
    const scaleUs = (tailUs - this.intervalUs(0.99)) / Math.LN10;
    const explainedUs = tailUs + scaleUs * (Math.max(0, Math.log(this.messages / 1000)) + 6);
    return Math.max(
      floorUs,
      medians * this.intervalUs(0.5),
      tails * tailUs,
      Math.min(explainedUs, unexplainedUs),
    );
  }

  /** Pauses that are gaps: start and end, µs. */
  gaps(): readonly (readonly [number, number])[] {
    const limitUs = this.gapUs();
    return this.pauses.filter(([startUs, endUs]) => endUs - startUs > limitUs);
  }

  private addInterval(startUs: number, endUs: number): void {
    const interval = endUs - startUs;
    if (interval < 0) return;
    this.counts[Math.min(CLASSES - 1, Math.floor(Math.log(interval) / CLASS_WIDTH))]!++;
    if (interval > this.rule.floorUs) this.pauses.push([startUs, endUs]);
  }
}
