/** Bytes that grow at the end; the unit everything of a Parquet file is put together in. */
export class ByteBuffer {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity: number = 1 << 12) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; a view that the next write may change. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#room(1)[this.#length++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#room(values.length).set(values, this.#length);
    this.#length += values.length;
  }

  /** Whole number of four bytes, least significant first. */
  uint32(value: number): void {
    const bytes = this.#room(4);
    bytes[this.#length++] = value;
    bytes[this.#length++] = value >>> 8;
    bytes[this.#length++] = value >>> 16;
    bytes[this.#length++] = value >>> 24;
  }

  /** Unsigned whole number below 2^53, seven bits a byte, least significant first. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.byte(rest);
  }

  /** Signed whole number of at most 2^52: 0, −1, 1, −2 … become 0, 1, 2, 3 … */
  zigzag(value: number): void {
    this.varint(value >= 0 ? 2 * value : -2 * value - 1);
  }

  /** Leaves room for `count` bytes and gives them to be filled. */
  reserve(count: number): Uint8Array {
    const bytes = this.#room(count);
    const start = this.#length;
    this.#length += count;
    return bytes.subarray(start, start + count).fill(0);
  }

  #room(count: number): Uint8Array {
    if (this.#length + count > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
      grown.set(this.view());
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}
