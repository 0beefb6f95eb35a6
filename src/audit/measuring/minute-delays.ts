import { sortedQuantile } from "../../core/statistics.js";
import { MINUTE_US } from "../../core/time.js";

/** Delays kept of a minute; when they are full, every other one goes and every other new one is taken. */
const SAMPLE = 1024;

/** Medians and low quantiles of arrival minus exchange time, minute by minute. */
export class MinuteDelays {
  private readonly delays = new Float64Array(SAMPLE);
  private readonly onMinute: (minuteUs: number, medianUs: number, lowUs: number) => void;
  private kept = 0;
  private stride = 1;
  private messages = 0;
  private minuteUs = Number.NaN;

  /** @param onMinute - told every minute that has messages: its start, the median and the 5 % quantile of its delays, µs */
  constructor(onMinute: (minuteUs: number, medianUs: number, lowUs: number) => void) {
    this.onMinute = onMinute;
  }

  /** Takes the delay of one more message, µs; one that is not known is NaN and counts for nothing. */
  add(localUs: number, delayUs: number): void {
    if (Number.isNaN(delayUs)) return;
    if (!(localUs >= this.minuteUs && localUs < this.minuteUs + MINUTE_US)) {
      this.finish();
      this.minuteUs = Math.floor(localUs / MINUTE_US) * MINUTE_US;
    }
    if (this.messages++ % this.stride !== 0) return;
    if (this.kept === SAMPLE) {
      for (let k = 0; k < SAMPLE / 2; k++) this.delays[k] = this.delays[2 * k]!;
      this.kept = SAMPLE / 2;
      this.stride *= 2;
      if ((this.messages - 1) % this.stride !== 0) return;
    }
    this.delays[this.kept++] = delayUs;
  }

  /** Ends the last minute. */
  finish(): void {
    if (this.messages > 0) {
      const delays = this.delays.subarray(0, this.kept).sort();
      this.onMinute(this.minuteUs, sortedQuantile(delays, 0.5), sortedQuantile(delays, 0.05));
    }
    this.kept = 0;
    this.stride = 1;
    this.messages = 0;
  }
}
