/** Words of two numbers, to be mixed. */
const numbers = new Float64Array(2);
const words = new Uint32Array(numbers.buffer);

/**
 * The last messages that came after later ones, found by what they are: their exchange time and a number for their content. A
 * table of chains: each message knows the one before it in its chain, so that none needs to be taken out.
 */
export class LateMessages {
  private readonly capacity: number;
  private readonly times: Float64Array;
  private readonly contents: Float64Array;
  private readonly numbers: Float64Array;
  /** By place in the table, and by message: the last message there, or the one before it there, counted from 1 on. */
  private readonly heads: Float64Array;
  private readonly earlier: Float64Array;
  private kept = 0;

  /** @param capacity - messages that are remembered */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.times = new Float64Array(capacity);
    this.contents = new Float64Array(capacity);
    this.numbers = new Float64Array(capacity);
    this.heads = new Float64Array(2 ** Math.ceil(Math.log2(capacity)));
    this.earlier = new Float64Array(capacity);
  }

  /** Number of the last message with that exchange time and content; NaN when none is remembered. */
  find(timeUs: number, content: number): number {
    const oldest = this.kept - this.capacity;
    let message = this.heads[this.placeOf(timeUs, content)]!;
    while (message > 0 && message > oldest) {
      const slot = message % this.capacity;
      if (this.times[slot] === timeUs && this.contents[slot] === content) {
        return this.numbers[slot]!;
      }
      message = this.earlier[slot]!;
    }
    return Number.NaN;
  }

  /** Remembers a message by its number. */
  keep(timeUs: number, content: number, number: number): void {
    const place = this.placeOf(timeUs, content);
    const message = ++this.kept;
    const slot = message % this.capacity;
    this.times[slot] = timeUs;
    this.contents[slot] = content;
    this.numbers[slot] = number;
    this.earlier[slot] = this.heads[place]!;
    this.heads[place] = message;
  }

  private placeOf(timeUs: number, content: number): number {
    numbers[0] = timeUs;
    // Zero has two signs, and is one number.
    numbers[1] = content + 0;
    let mixed = Math.imul(words[0]! ^ (words[0]! >>> 16), 0x9e3779b1) ^ words[1]!;
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) ^ words[2]!;
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) ^ words[3]!;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (this.heads.length - 1);
  }
}
