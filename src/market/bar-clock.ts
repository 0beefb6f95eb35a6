import { MINUTE_US } from "../core/time.js";

/**
 * Cuts time into bars [t − Δ, t), stamped with their end t. Bars begin with the one that holds the first event; from
 * then on every bar is closed, also those without events, until the stream ends: `finish` closes the bar that holds the
 * last event as if its end had come.
 */
export class BarClock {
  readonly barUs: number;
  private endUs = Number.NaN;

  /** @param barUs - Δ in µs; whole days hold a whole number of bars */
  constructor(barUs: number = MINUTE_US) {
    this.barUs = barUs;
  }

  /** End of the open bar, µs; NaN before the first event. */
  get barEndUs(): number {
    return this.endUs;
  }

  /**
   * Moves on to a time, before its events are counted; closes every bar that ended at or before it.
   *
   * @param timeUs - arrival time of the next event, or the time now
   * @param close - called with each bar's end, in order
   */
  advance(timeUs: number, close: (barEndUs: number) => void): void {
    if (Number.isNaN(this.endUs)) {
      this.endUs = (Math.floor(timeUs / this.barUs) + 1) * this.barUs;
      return;
    }
    while (timeUs >= this.endUs) {
      close(this.endUs);
      this.endUs += this.barUs;
    }
  }

  /** Ends the stream: closes the open bar, after which the next event begins a new run of bars. */
  finish(close: (barEndUs: number) => void): void {
    if (Number.isNaN(this.endUs)) return;
    close(this.endUs);
    this.endUs = Number.NaN;
  }

  /** End of the open bar, or null before the first event. */
  save(): number | null {
    return Number.isNaN(this.endUs) ? null : this.endUs;
  }

  /** Takes over a saved position. */
  restore(state: number | null): void {
    this.endUs = state ?? Number.NaN;
  }
}
