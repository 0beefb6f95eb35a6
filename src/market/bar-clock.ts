import { MINUTE_US } from "../core/time.js";

/** Is told the end of a bar, or of a part of one. */
type OnEnd = (endUs: number) => void;

/**
 * Cuts time into bars [t − Δ, t), stamped with their end t, and each bar into equal parts. Bars begin with the one that
 * holds the first event; from then on every bar is closed, also those without events, until the stream ends: `finish`
 * closes the bar that holds the last event as if its end had come.
 */
export class BarClock {
  readonly barUs: number;
  private readonly parts: number;
  private endUs = Number.NaN;
  /** Parts of the open bar that have ended, and when the next one does. */
  private ended = 0;
  private nextUs = Number.NEGATIVE_INFINITY;

  /**
   * @param barUs - Δ in µs; whole days hold a whole number of bars
   * @param parts - of a bar; part i ends at the first µs that is not before (t − Δ) + i·Δ/parts
   */
  constructor(barUs: number = MINUTE_US, parts = 1) {
    this.barUs = barUs;
    this.parts = parts;
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
   * @param endPart - called with the end of each part, a bar's last one before the bar is closed
   */
  advance(timeUs: number, close: OnEnd, endPart?: OnEnd): void {
    if (timeUs < this.nextUs) return;
    if (Number.isNaN(this.endUs)) this.open(timeUs);
    while (timeUs >= this.nextUs) this.endNext(close, endPart);
  }

  /** Ends the stream: closes the open bar, after which the next event begins a new run of bars. */
  finish(close: OnEnd, endPart?: OnEnd): void {
    if (Number.isNaN(this.endUs)) return;
    for (let left = this.parts - this.ended; left > 0; left--) this.endNext(close, endPart);
    this.restore([]);
  }

  /** End of the open bar and how many of its parts have ended; nothing before the first event. */
  save(): readonly number[] {
    return Number.isNaN(this.endUs) ? [] : [this.endUs, this.ended];
  }

  /** Takes over a saved position. */
  restore(state: ArrayLike<number>): void {
    this.endUs = state[0] ?? Number.NaN;
    this.ended = state[1] ?? 0;
    this.nextUs = state.length === 0 ? Number.NEGATIVE_INFINITY : this.partEndUs(this.ended + 1);
  }

  private open(timeUs: number): void {
    this.endUs = (Math.floor(timeUs / this.barUs) + 1) * this.barUs;
    this.nextUs = this.partEndUs(1);
  }

  private endNext(close: OnEnd, endPart: OnEnd | undefined): void {
    endPart?.(this.nextUs);
    this.ended++;
    if (this.ended === this.parts) {
      close(this.endUs);
      this.endUs += this.barUs;
      this.ended = 0;
    }
    this.nextUs = this.partEndUs(this.ended + 1);
  }

  private partEndUs(part: number): number {
    return this.endUs - this.barUs + Math.ceil((part * this.barUs) / this.parts);
  }
}
