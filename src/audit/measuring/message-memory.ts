/** How many messages a late one may be put before: more of them mean that the clock was set back, and it is forgotten. */
const MOST_MOVED = 1024;

/**
 * The last messages in order of exchange time, with a number for their content and their own number. Exchange times nearly always
 * grow, so only a message that does not come after all others is looked for, by halving.
 */
export class MessageMemory {
  private readonly times: Float64Array;
  private readonly contents: Float64Array;
  private readonly numbers: Float64Array;
  /** Kept messages ever, of which the last `capacity` are there; and messages seen. */
  private kept = 0;
  private seen = 0;

  /** @param capacity - messages that are remembered */
  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
    this.contents = new Float64Array(capacity);
    this.numbers = new Float64Array(capacity);
  }

  /** Number of the last message with that exchange time and content; NaN when none is remembered. */
  find(timeUs: number, content: number): number {
    this.seen++;
    const oldest = Math.max(0, this.kept - this.times.length);
    if (this.kept === oldest || timeUs > this.timeAt(this.kept - 1)) return Number.NaN;
    for (let at = this.lastNotAfter(timeUs); at >= oldest && this.timeAt(at) === timeUs; at--) {
      const slot = at % this.times.length;
      if (this.contents[slot] === content) return this.numbers[slot]!;
    }
    return Number.NaN;
  }

  /** Remembers the message just looked for. */
  keep(timeUs: number, content: number): void {
    const oldest = Math.max(0, this.kept - this.times.length);
    const isLast = this.kept === oldest || timeUs >= this.timeAt(this.kept - 1);
    const at = isLast ? this.kept : this.lastNotAfter(timeUs) + 1;
    if (this.kept - at > MOST_MOVED) return;
    for (let later = this.kept; later > at; later--) this.put(later, later - 1);
    const slot = at % this.times.length;
    this.times[slot] = timeUs;
    this.contents[slot] = content;
    this.numbers[slot] = this.seen;
    this.kept++;
  }

  private put(to: number, from: number): void {
    const [target, source] = [to % this.times.length, from % this.times.length];
    this.times[target] = this.times[source]!;
    this.contents[target] = this.contents[source]!;
    this.numbers[target] = this.numbers[source]!;
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
