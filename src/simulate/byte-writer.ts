const ZERO = 48;
const POINT = 46;
const POWERS = Array.from({ length: 10 }, (_, i) => 10 ** i);

/** Grows a buffer of ASCII text without making strings. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  /** @param capacity - bytes to start with */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#length;
  }

  /** Makes room for that many more bytes. */
  reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#bytes.length + count);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  /** ASCII text. */
  text(value: string): void {
    this.reserve(value.length);
    this.#length += this.#bytes.write(value, this.#length, "latin1");
  }

  /** One ASCII character, by its code. */
  code(value: number): void {
    this.reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A whole number from 0 to 2^53. */
  whole(value: number): void {
    this.reserve(17);
    if (value < 1e8) {
      this.#digits(value, digitCount(value));
      return;
    }
    const high = Math.floor(value / 1e8);
    this.#digits(high, digitCount(high));
    this.#digits(value - high * 1e8, 8);
  }

  /** `units` · 10^−decimals without trailing zeros, as the vendor prints numbers; units below 2^31. */
  decimal(units: number, decimals: number): void {
    this.reserve(20);
    let rest = units | 0;
    let digits = decimals;
    for (let next = (rest / 10) | 0; digits > 0 && 10 * next === rest; next = (rest / 10) | 0) {
      rest = next;
      digits--;
    }
    const power = POWERS[digits]!;
    const front = (rest / power) | 0;
    this.#digits(front, digitCount(front));
    if (digits === 0) return;
    this.#bytes[this.#length++] = POINT;
    this.#digits(rest - front * power, digits);
  }

  /** Hands over what was written and starts anew. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafe(this.#bytes.length);
    this.#length = 0;
    return taken;
  }

  #digits(value: number, count: number): void {
    let rest = value | 0;
    const start = this.#length;
    for (let place = start + count - 1; place >= start; place--) {
      const next = (rest / 10) | 0;
      this.#bytes[place] = ZERO + rest - 10 * next;
      rest = next;
    }
    this.#length = start + count;
  }
}

function digitCount(value: number): number {
  let count = 1;
  for (let bound = 10; value >= bound; bound *= 10) count++;
  return count;
}
