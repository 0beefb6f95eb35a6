import { requireSound } from "./corrupt-file.js";

/** A place in bytes that are read from their beginning to their end; nothing behind the end is ever read. */
export class ByteCursor {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const byte = this.bytes[this.at++];
    requireSound(byte !== undefined, "ended early");
    return byte;
  }

  /** The next bytes; a view. */
  take(count: number): Uint8Array {
    requireSound(count >= 0 && count <= this.bytes.length - this.at, "ended early");
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  /** Whole number of four bytes, least significant first. */
  uint32(): number {
    const [a, b, c, d] = this.take(4) as unknown as readonly [number, number, number, number];
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  }

  /** Unsigned whole number of seven bits a byte, as `ByteBuffer` writes it. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
      requireSound(scale < 2 ** 49, "had a number of too many bytes");
    }
    requireSound(value <= Number.MAX_SAFE_INTEGER, "had a number that is too large");
    return value;
  }

  /** Signed whole number: 0, 1, 2, 3 … stand for 0, −1, 1, −2 … */
  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Whether all was read. */
  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }
}
