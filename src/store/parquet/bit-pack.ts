import type { ByteBuffer } from "./byte-buffer.js";

/** Bits that numbers from 0 to `largest` need. */
export function bitWidth(largest: number): number {
  if (largest > 0xffffffff) return 32 + bitWidth(Math.floor(largest / 2 ** 32));
  return 32 - Math.clz32(largest);
}

/** Where words are put together; kept, because a file has millions of them. */
let scratch = new Uint32Array(0);

/**
 * Packs the first values of an array, least significant bit first, without gaps; the last byte is filled with zeros.
 *
 * @param values - whole numbers below 2^width
 * @param count - how many to pack
 * @param width - bits of each, 0 to 32
 */
export function bitPack(out: ByteBuffer, values: Uint32Array, count: number, width: number): void {
  if (width === 1) {
    packFlags(out, values, count);
    return;
  }
  const length = Math.ceil((count * width) / 32);
  if (scratch.length < length) scratch = new Uint32Array(length);
  const words = scratch;
  let at = 0;
  let word = 0;
  let used = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    word |= value << used;
    used += width;
    if (used < 32) continue;
    words[at++] = word;
    used -= 32;
    // Shifts are taken modulo 32: nothing left over has to be said.
    word = used === 0 ? 0 : value >>> (width - used);
  }
  if (used > 0) words[at] = word;
  // Machines that this runs on keep the least significant byte first.
  out.bytes(new Uint8Array(words.buffer, 0, Math.ceil((count * width) / 8)));
}

/** Packs flags, 0 or 1, eight to a byte. */
export function packFlags(out: ByteBuffer, flags: Uint8Array | Uint32Array, count: number): void {
  const bytes = out.reserve(Math.ceil(count / 8));
  const whole = count - (count % 8);
  let at = 0;
  for (let i = 0; i < whole; i += 8) {
    bytes[at++] =
      flags[i]! |
      (flags[i + 1]! << 1) |
      (flags[i + 2]! << 2) |
      (flags[i + 3]! << 3) |
      (flags[i + 4]! << 4) |
      (flags[i + 5]! << 5) |
      (flags[i + 6]! << 6) |
      (flags[i + 7]! << 7);
  }
  for (let i = whole; i < count; i++) bytes[at]! |= flags[i]! << (i % 8);
}
