import { LateMessages } from "./late-messages.js";

/**
 * The last messages by exchange time, with a number for their content and their own number. Exchange times nearly always grow:
 * those that came after all earlier ones stand in order, and only a message that does not is looked for, by halving, and among
 * the late ones. Whatever the order, a message costs no more than that.
 */
export class MessageMemory {
  private readonly times: Float64Array;
  private readonly contents: Float64Array;
  private readonly numbers: Float64Array;
  /** Messages in order that were kept, of which the last `capacity` are there; and messages seen. */
  private kept = 0;
  private seen = 0;
  private late: LateMessages | undefined;

  /** @param capacity - messages that are remembered, of those in order and of late ones */
  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
    this.contents = new Float64Array(capacity);
    this.numbers = new Float64Array(capacity);
  }

  /** Number of the last message with that exchange time and content; NaN when none is remembered. */
  find(timeUs: number, content: number): number {
    this.seen++;
    if (this.isInOrder(timeUs)) return Number.NaN;
    const at = this.lastNotAfter(timeUs);
    const slot = at % this.times.length;
    const isHere =
      at >= this.kept - this.times.length &&
      this.times[slot] === timeUs &&
      this.contents[slot] === content;
    if (isHere) return this.numbers[slot]!;
    return this.late === undefined ? Number.NaN : this.late.find(timeUs, content);
  }

  /** Remembers the message just looked for, which was not found. */
  keep(timeUs: number, content: number): void {
    if (!this.isInOrder(timeUs)) {
      this.late ??= new LateMessages(this.times.length);
      this.late.keep(timeUs, content, this.seen);
      return;
    }
    const slot = this.kept++ % this.times.length;
    this.times[slot] = timeUs;
    this.contents[slot] = content;
    this.numbers[slot] = this.seen;
  }

  /** Later than all that were kept in order: no two of them have one time. */
  private isInOrder(timeUs: number): boolean {
    return this.kept === 0 || timeUs > this.timeAt(this.kept - 1);
  }

  private timeAt(at: number): number {
    return this.times[at % this.times.length]!;
  }

  private lastNotAfter(timeUs: number): number {
    let low = Math.max(0, this.kept - this.times.length) - 1;
    let high = this.kept - 1;
    while (low < high) {
      const middle = low + Math.ceil((high - low) / 2);
      if (this.timeAt(middle) <= timeUs) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
