import type { ByteBuffer } from "./byte-buffer.js";

/** Bits that numbers from 0 to `largest` need. */
export function bitWidth(largest: number): number {
  if (largest > 0xffffffff) return 32 + bitWidth(Math.floor(largest / 2 ** 32));
  return 32 - Math.clz32(largest);
}

/**
 * Packs the first values of an array, least significant bit first, without gaps; the last byte is filled with zeros.
 *
 * @param values - whole numbers below 2^width
 * @param count - how many to pack
 * @param width - bits of each, 0 to 32
 */
export function bitPack(
  out: ByteBuffer,
  values: Uint32Array | Uint8Array,
  count: number,
  width: number,
): void {
  const bytes = out.reserve(Math.ceil((count * width) / 8));
  let at = 0;
  let word = 0;
  let used = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    word |= value << used;
    used += width;
    if (used < 32) continue;
    bytes[at++] = word;
    bytes[at++] = word >>> 8;
    bytes[at++] = word >>> 16;
    bytes[at++] = word >>> 24;
    used -= 32;
    // Shifts are taken modulo 32, so that nothing left over has to be said.
    word = used === 0 ? 0 : value >>> (width - used);
  }
  for (; used > 0; used -= 8, word >>>= 8) bytes[at++] = word;
}

/**
 * Writes one run of Parquet's hybrid of run lengths and packed bits: a repeated value where all are equal, packed bits
 * otherwise.
 *
 * @param values - padded with zeros to a multiple of eight
 */
export function bitPackedRun(
  out: ByteBuffer,
  values: Uint32Array | Uint8Array,
  count: number,
  width: number,
): void {
  if (isConstant(values, count)) {
    out.varint(2 * count);
    for (let bits = 0; bits < width; bits += 8) out.byte((values[0]! >>> bits) & 0xff);
    return;
  }
  const groups = Math.ceil(count / 8);
  out.varint(2 * groups + 1);
  bitPack(out, values, 8 * groups, width);
}

function isConstant(values: Uint32Array | Uint8Array, count: number): boolean {
  for (let i = 1; i < count; i++) if (values[i] !== values[0]) return false;
  return true;
}
