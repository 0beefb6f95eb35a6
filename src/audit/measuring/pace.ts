import { DAY_US, HOUR_US, SECOND_US } from "../../core/time.js";
import type { Span } from "../finding.js";
import type { GapRule } from "../settings.js";
import { Intervals } from "./intervals.js";
import type { MessageBatch } from "./messages.js";

/** Fewer intervals than this have no pace to speak of. */
const LEAST_INTERVALS = 20;

/** Hours are quiet where messages lie so many times farther apart than the day's median interval says. */
const QUIET = 4;

/**
 * Pauses that take more than the rest of the time are no holes in a stream's pace: they are its pace, unless they are as rare as
 * one interval in a hundred.
 */
const PACED_SHARE = 0.4;
const COMMON_SHARE = 0.99;

/** A pause that takes this much of a stretch leaves it silent. */
const SILENT_SHARE = 0.9;

/**
 * How far the tail of a stream's intervals may reach, and stretch beyond, in intervals that this share of the time passes in.
 * At random they are 5 and 0.7; markets have up to 15 and 3, where the medians ask for more than the tail.
 */
const TAIL_PACES = 10;
const SCALE_PACES = 2;

/**
 * How fast a stream's messages follow each other on a day, and where it paused. Rows of one arrival time are one message. Holds
 * a histogram and the long pauses only, so a day of any length fits.
 */
export class Pace {
  /** First and last arrival time, µs; NaN before the first row. */
  firstUs: number = Number.NaN;
  lastUs: number = Number.NaN;
  /** Messages of the day in all, and by its hours. */
  messages = 0;
  readonly messagesByHour: Float64Array = new Float64Array(24);
  /** Rows by hour of the day. */
  readonly rowsByHour: Float64Array = new Float64Array(24);
  /** Rows that arrived before or after the day: they count for none of its hours. */
  rowsOutside = 0;
  /** Arrival times of the first and the last of them, µs; NaN where there is none. */
  firstOutsideUs: number = Number.NaN;
  lastOutsideUs: number = Number.NaN;
  private readonly intervals = new Intervals();
  private readonly pauses: Span[] = [];
  private readonly rule: GapRule;
  private dayUs: number;

  /** @param dayUs - start of the day; that of the first message where it is NaN */
  constructor(rule: GapRule, dayUs: number = Number.NaN) {
    this.rule = rule;
    this.dayUs = dayUs;
  }

  /** Takes further messages. */
  update({ localUs, starts, count }: MessageBatch): void {
    for (let m = 0; m < count; m++) this.add(localUs[m]!, starts[m + 1]! - starts[m]!);
  }

  /** Takes the arrival time of one more message, or of the rest of one. */
  add(timeUs: number, rows = 1): void {
    const hour = this.hourOf(timeUs);
    if (!(hour >= 0 && hour < 24)) {
      this.addOutside(timeUs, rows);
      return;
    }
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
    return this.intervals.quantileUs(share);
  }

  /**
   * A pause longer than this is a gap, µs, wherever the stream is at its usual pace. Gaps must not pass for the stream's own
   * tail, however many there are: it begins with the intervals that are surely its own, and takes in longer ones only as
   * far as those that it has let expect them.
   */
  gapUs(): number {
    const { floorSeconds, medians, unexplainedSeconds } = this.rule;
    const floorUs = floorSeconds * SECOND_US;
    const paceUs = this.paceUs();
    if (this.messages < LEAST_INTERVALS || Number.isNaN(paceUs)) {
      return Math.max(floorUs, unexplainedSeconds * SECOND_US, this.evenlyUs());
    }
    const leastUs = Math.max(floorUs, medians * this.intervalUs(0.5));
    let ownUs = Math.max(leastUs, paceUs);
    for (;;) {
      const limitUs = Math.max(leastUs, this.expectedUs(ownUs));
      if (limitUs <= ownUs) return limitUs;
      ownUs = limitUs;
    }
  }

  /** Intervals that are common, and in which much of the time passes, are no longer, µs; NaN where there is none. */
  private paceUs(): number {
    const { intervals } = this;
    return Math.min(intervals.timeQuantileUs(PACED_SHARE), intervals.quantileUs(COMMON_SHARE));
  }

  /**
   * The longest pause that a few messages explain, which come evenly at random, µs: of n, the longest is expected ln n mean
   * intervals long, and e⁻⁹ of all days see one nine longer.
   */
  private evenlyUs(): number {
    const { messages: n, firstUs, lastUs } = this;
    return n < 2 ? 0 : (Math.max(0, lastUs - firstUs) / (n - 1)) * (Math.log(n) + 9);
  }

  /** Pauses that are gaps, by the pace of the day and by that of the hours around them. */
  gaps(): readonly Span[] {
    const limitUs = this.gapUs();
    return this.pauses.filter((pause) => this.isGap(pause, limitUs));
  }

  /** Whether a stretch without messages, which may be one before the first or after the last, is a gap. */
  isGap([startUs, endUs]: Span, limitUs: number = this.gapUs()): boolean {
    const pauseUs = endUs - startUs;
    return pauseUs > limitUs && pauseUs > this.localLimitUs(startUs, endUs);
  }

  /** Of some stretches those in which nothing came, but for their ends, that are no gaps by the pace itself. */
  silentIn(stretches: readonly Span[]): readonly Span[] {
    const gaps = this.gaps();
    return stretches.flatMap(([startUs, endUs]) => {
      return this.pauses.flatMap((pause): Span[] => {
        const shared: Span = [Math.max(startUs, pause[0]), Math.min(endUs, pause[1])];
        const isSilent = shared[1] - shared[0] >= SILENT_SHARE * (endUs - startUs);
        return isSilent && !gaps.includes(pause) ? [shared] : [];
      });
    });
  }

  /** Up to where pauses are to be expected by the intervals up to some length, µs. */
  private expectedUs(mostUs: number): number {
    const { tails, unexplainedSeconds } = this.rule;
    const { tailUs, scaleUs } = this.tail(mostUs);
    // Beyond the 99.9 % interval, intervals thin out by a factor e every `scale`: the longest of the day's is expected
    // ln(n/1000) of them further out, and e⁻⁹ of all days see one of nine more.
    const explainedUs = tailUs + scaleUs * (Math.max(0, Math.log(this.messages / 1000)) + 9);
    return Math.max(tails * tailUs, Math.min(explainedUs, unexplainedSeconds * SECOND_US));
  }

  /**
   * The interval that one in a thousand exceeds, and by how much intervals grow beyond it for e times fewer of them. Of few
   * intervals the tail is drawn from the body, as if their logarithm fell evenly.
   */
  private tail(mostUs: number): { readonly tailUs: number; readonly scaleUs: number } {
    const n = this.messages;
    const [body, edge] = n >= 10_000 ? [0.99, 0.999] : n >= 1000 ? [0.9, 0.99] : [0.5, 0.9];
    const edgeUs = this.intervals.quantileUs(edge, mostUs);
    const bodyUs = this.intervals.quantileUs(body, mostUs);
    const scaleUs = (edgeUs - bodyUs) / Math.log((1 - body) / (1 - edge));
    const tailUs = edgeUs + scaleUs * Math.log((1 - edge) / 0.001);
    const paceUs = this.paceUs();
    return {
      tailUs: Math.min(tailUs, TAIL_PACES * paceUs),
      scaleUs: Math.min(scaleUs, SCALE_PACES * paceUs),
    };
  }

  /**
   * The same limit where the hours before and after are far quieter than the day's median says, as around a burst that the
   * day's pace is made of: that of messages which come evenly at random, as often as in the quieter of the two.
   */
  private localLimitUs(startUs: number, endUs: number): number {
    const busyness = (fromUs: number, step: 1 | -1): number => {
      // The hour of the pause itself is short of messages for it.
      for (let hour = this.hourOf(fromUs) + step; hour >= 0 && hour < 24; hour += step) {
        if (this.messagesByHour[hour]! > 0) return this.messagesByHour[hour]!;
      }
      return Number.POSITIVE_INFINITY;
    };
    const messages = Math.min(busyness(startUs, -1), busyness(endUs, 1));
    const meanUs = HOUR_US / messages;
    const isQuiet = meanUs > QUIET * (this.intervalUs(0.5) / Math.LN2);
    return isQuiet ? meanUs * (Math.log(24 * messages) + 9) : 0;
  }

  private hourOf(timeUs: number): number {
    if (Number.isNaN(this.dayUs)) this.dayUs = Math.floor(timeUs / DAY_US) * DAY_US;
    return Math.floor((timeUs - this.dayUs) / HOUR_US);
  }

  private addOutside(timeUs: number, rows: number): void {
    this.rowsOutside += rows;
    if (Number.isNaN(this.firstOutsideUs)) this.firstOutsideUs = timeUs;
    this.lastOutsideUs = timeUs;
  }

  private addInterval(startUs: number, endUs: number): void {
    const interval = endUs - startUs;
    if (interval < 1) return;
    this.intervals.add(interval);
    if (interval > this.rule.floorSeconds * SECOND_US) this.pauses.push([startUs, endUs]);
  }
}
